"""Events as they arrive, none missed and none twice, in whatever order they are committed.

PostgreSQL gives out an id before the commit, so a lower id may appear after a higher one. What is
missing below the highest id is asked for again, until it must have been rolled back.
"""

import time
from datetime import timedelta

from django.db.models import Max, Q, QuerySet

from firstline.base import clock
from firstline.events.models import Event
from firstline.tickets.change import SUBJECT

PATIENCE = 120.0  # seconds; no transaction of ours lives that long
LOOK_BACK = 500
MOST_MISSING = 2000
MOST_AT_ONCE = 5000
MOST_REPLAYED = 10_000
MOST_OWED = 200  # tickets; to read the whole list again is cheaper than more of them
OLDEST = timedelta(minutes=10)
MARGIN = timedelta(seconds=5)  # an event is as old as its transaction, not as its commit


class Arrivals:
    """Reads the log on; one in each process."""

    def __init__(self) -> None:
        self.high = 0
        self.missing: dict[int, float] = {}

    @property
    def mark(self) -> int:
        """The id up to which everything has been read: where a listener that was cut off goes on."""
        return min(self.missing, default=self.high + 1) - 1

    def begin(self) -> None:
        """Start at the end of the log. What stood open there just now may still arrive."""
        newest = list(Event.objects.order_by("-id").values_list("id", flat=True)[:LOOK_BACK])
        self.high = newest[0] if newest else 0
        self.missing = {}
        self._miss(set(range(min(newest, default=1), self.high)) - set(newest))

    def fresh(self) -> set[int]:
        """The ids of the tickets that something has happened to since the last call; one query."""
        wanted = Q(id__gt=self.high)
        if self.missing:
            wanted |= Q(id__in=list(self.missing))
        rows = Event.objects.filter(wanted).order_by("id")
        found = list(rows.values_list("id", "subject_kind", "subject_id")[:MOST_AT_ONCE])
        ids = {pk for pk, _kind, _subject in found}
        before, self.high = self.high, max(ids, default=self.high)
        self.high = max(before, self.high)
        oldest = time.monotonic() - PATIENCE
        self.missing = {
            pk: since for pk, since in self.missing.items() if pk not in ids and since > oldest
        }
        self._miss(set(range(before + 1, self.high)) - ids)
        return {subject for _pk, kind, subject in found if kind == SUBJECT}

    def _miss(self, ids: set[int]) -> None:
        now = time.monotonic()
        self.missing |= dict.fromkeys(sorted(ids)[-MOST_MISSING:], now)


def after(mark: int) -> set[int] | None:
    """The tickets that have changed since the event with the id `mark`; None: too many to tell."""
    newest = _newest()
    if mark > newest or newest - mark > MOST_REPLAYED:
        return None
    events = Event.objects.filter(id__gt=mark)
    first = events.order_by("id").values_list("at", flat=True).first()
    if first is not None and first < clock.now() - OLDEST:
        return None
    return _tickets(events)


def within(seconds: float) -> set[int] | None:
    """The tickets that have changed since a page was asked for, `seconds` ago; None: too many to tell."""
    age = timedelta(seconds=max(seconds, 0))
    if age > OLDEST:
        return None
    recent = Event.objects.filter(id__gt=_newest() - MOST_REPLAYED)
    return _tickets(recent.filter(at__gte=clock.now() - age - MARGIN))


def _newest() -> int:
    return Event.objects.aggregate(newest=Max("id"))["newest"] or 0


def _tickets(events: QuerySet[Event]) -> set[int] | None:
    subjects = events.filter(subject_kind=SUBJECT).order_by().values_list("subject_id", flat=True)
    found = set(subjects.distinct()[: MOST_OWED + 1])
    return found if len(found) <= MOST_OWED else None
