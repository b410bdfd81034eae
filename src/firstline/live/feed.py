"""What each listener is told: once a second, by their rights of that moment, and never a text.

One feed in each process. Idle listeners cost one small question for all of them together.
"""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from firstline.base import clock
from firstline.live import arrivals, listening, presence
from firstline.live.arrivals import Arrivals
from firstline.live.entries import RELATED, entry
from firstline.live.listening import Reader
from firstline.live.presence import Someone
from firstline.people.access import Actor
from firstline.tickets import desk, inbox, waiting
from firstline.tickets.access import each_of, visible_to
from firstline.tickets.models import Ticket

ASK_AGAIN = 2.0  # seconds between two looks at the rights of those who listen (C37: at most five)
MOST_KNOWN = 50_000
PERSONAL = {"mine", waiting.VIEW}  # lists that differ from reader to reader
MOST_AT_ONCE = 300  # tickets; of more, each screen is told to read its list again
# Department, partner, custody; group of the desk, level, responsible; phase.
Spot = tuple[int, int | None, str, str, int, int | None, str]
# (actor, language, tickets) → the rows of these tickets as the desk's list shows them, by id
Rows = Callable[[Actor, str, Sequence[Ticket]], dict[int, str]]


@dataclass(eq=False, slots=True)
class Listener:
    """One open screen: whose it is, what its list shows, and what it is still owed."""

    key: str
    language: str
    whose: str
    reader: Reader
    owed: set[int] = field(default_factory=set)
    is_new: bool = True
    starts_anew: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """What a listener is told now. `ends`: nothing more, ever."""

    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    ends: bool = False

    def encoded(self, mark: int) -> bytes:
        """As an event of a stream (text/event-stream)."""
        text = json.dumps(self.data, ensure_ascii=False, separators=(",", ":"))
        return f"id: {mark}\nevent: {self.kind}\ndata: {text}\n\n".encode()


@dataclass(slots=True)
class Batch:
    """What has changed since the last second, and what was worked out once for all listeners."""

    changed: set[int]
    moved: set[int]  # somebody came to these tickets, or turned away
    left: set[int]  # other people may see these now
    spots: dict[int, Spot]  # where they stood before
    tickets: dict[int, Ticket]
    rows: dict[tuple[object, ...], dict[int, str]] = field(default_factory=dict)
    counts: dict[tuple[object, ...], dict[str, str]] = field(default_factory=dict)
    seen: dict[int, set[int]] = field(default_factory=dict)


class Feed:
    """Reads what happened and works out who is told what. Not to be called by two threads at once."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.arrivals = Arrivals()
        self.stands: dict[int, frozenset[Someone]] = {}
        self.spots: dict[int, Spot] = {}
        self.asked_at = 0.0

    @property
    def mark(self) -> int:
        return self.arrivals.mark

    def begin(self) -> None:
        """Start at this moment: there was nobody to tell anything before."""
        self.arrivals.begin()
        self.stands = presence.standing()
        rows = Ticket.objects.filter(is_open=1).order_by("-updated_at", "-id")
        spots = rows.values_list(
            "department_id",
            "partner_id",
            "custody",
            "desk_group",
            "level_id",
            "responsible_id",
            "phase",
            "pk",
        )
        self.spots = {row[-1]: row[:-1] for row in spots[:MOST_KNOWN]}

    def welcome(self, listener: Listener, mark: int, age: float) -> None:
        """Find out what a listener has missed since `mark`, or since their page was asked for."""
        missed = arrivals.after(mark) if mark else arrivals.within(age)
        listener.owed, listener.starts_anew = missed or set(), missed is None

    def tick(self, listeners: Sequence[Listener]) -> dict[Listener, News]:
        """What to tell to whom now."""
        batch = self._read(listeners)
        is_due = time.monotonic() - self.asked_at >= ASK_AGAIN
        waits = any(one.is_new or one.starts_anew for one in listeners)
        if not (batch.changed or batch.moved or is_due or waits):
            return {}
        self.asked_at = time.monotonic()
        readers = listening.readers(one.key for one in listeners)
        told: dict[Listener, News] = {}
        for listener in listeners:
            news = self._news(listener, readers.get(listener.key), batch)
            if news is not None:
                told[listener] = news
        return told

    def _read(self, listeners: Iterable[Listener]) -> Batch:
        changed = self.arrivals.fresh()
        stands, stood = presence.standing(), self.stands
        moved = {pk for pk in stands.keys() | stood.keys() if stands.get(pk) != stood.get(pk)}
        self.stands = stands
        wanted = changed | moved
        for listener in listeners:
            if listener.is_new:
                wanted |= listener.owed | stands.keys()
        if len(wanted) > MOST_AT_ONCE:
            for listener in listeners:
                listener.starts_anew = True
        tickets = Ticket.objects.select_related(*RELATED).in_bulk(wanted) if wanted else {}
        before = {pk: self.spots[pk] for pk in tickets if pk in self.spots}
        self._remember(tickets[pk] for pk in changed & tickets.keys())
        for pk in changed - tickets.keys():
            self.spots.pop(pk, None)
        left = {pk for pk in changed & before.keys() if _spot(tickets[pk])[:3] != before[pk][:3]}
        return Batch(changed, moved, left, before, tickets)

    def _remember(self, tickets: Iterable[Ticket]) -> None:
        for ticket in tickets:
            if ticket.is_open:
                self.spots[ticket.pk] = _spot(ticket)
            else:
                self.spots.pop(ticket.pk, None)

    def _news(self, listener: Listener, reader: Reader | None, batch: Batch) -> News | None:
        if reader is None or reader.person_id != listener.reader.person_id:
            return News("end", {"why": "session"}, ends=True)
        if listener.starts_anew or reader.rights != listener.reader.rights:
            listener.reader, listener.starts_anew, listener.is_new = reader, False, True
            listener.owed = set()
            return News("reset")
        listener.reader = reader
        changed, looked = set(batch.changed), set(batch.moved)
        if listener.is_new:
            changed |= listener.owed
            looked |= self.stands.keys()
            listener.owed, listener.is_new = set(), False
        if not (changed or looked):
            return None
        data = self._data(listener, changed, looked, batch)
        return News("news", data) if data else None

    def _data(
        self, listener: Listener, changed: set[int], looked: set[int], batch: Batch
    ) -> dict[str, Any]:
        """What a listener may know of these tickets. Read first, asked about rights after that."""
        seen = self._seen(listener.reader, batch)
        data: dict[str, Any] = {}
        shown = [batch.tickets[pk] for pk in sorted(changed & seen)]
        if shown:
            rows = self._rows(listener, shown, batch)
            data["tickets"] = [_entry(listener, one, rows, batch) for one in shown]
        if (batch.left | (changed - batch.tickets.keys())) - seen:
            data["check"] = True  # a number that they may not see any more is not told
        if data:
            data["counts"] = self._counts(listener, batch)
        if looking := self._looking(listener.reader, looked & seen, batch):
            data["looking"] = looking
        return data

    def _seen(self, reader: Reader, batch: Batch) -> set[int]:
        """Which tickets of the batch the reader sees now; one query for each person."""
        if reader.person_id not in batch.seen:
            found = each_of(visible_to(reader.actor)).filter(pk__in=batch.tickets)
            batch.seen[reader.person_id] = set(found.order_by().values_list("pk", flat=True))
        return batch.seen[reader.person_id]

    def _rows(self, listener: Listener, shown: list[Ticket], batch: Batch) -> dict[int, str]:
        """The rows of these tickets, each rendered once for all who read them in the same way."""
        person = listener.reader.actor.person
        alike = (listener.language, person and person.time_zone, *listener.reader.rights[:2])
        known = batch.rows.setdefault(alike, {})
        missing = [ticket for ticket in shown if ticket.pk not in known]
        if missing:
            known.update(self.rows(listener.reader.actor, listener.language, missing))
        return known

    def _counts(self, listener: Listener, batch: Batch) -> dict[str, str]:
        reader, whose = listener.reader, listener.whose
        alike = (*reader.rights, whose, reader.person_id if whose in PERSONAL else 0)
        if alike not in batch.counts:
            if whose == waiting.VIEW:
                batch.counts[alike] = waiting.counts(reader.actor)
            else:
                ask = inbox.live_counts if inbox.is_view(whose) else desk.counts
                batch.counts[alike] = ask(reader.actor, whose)
        return batch.counts[alike]

    def _looking(self, reader: Reader, seen: set[int], batch: Batch) -> dict[str, Any]:
        """Who else of the reader's own line stands before these tickets (product 3.12)."""
        return {
            batch.tickets[pk].number: [
                {"name": one.name, "initials": one.initials, "types": one.types}
                for one in sorted(
                    self.stands.get(pk, ()), key=lambda one: (not one.types, one.name)
                )
                if one.partner_id == reader.partner_id and one.person_id != reader.person_id
            ]
            for pk in seen
        }


def _spot(ticket: Ticket) -> Spot:
    return (
        ticket.department_id,
        ticket.partner_id,
        ticket.custody,
        ticket.desk_group,
        ticket.level_id,
        ticket.responsible_id,
        ticket.phase,
    )


def _entry(
    listener: Listener, ticket: Ticket, rows: dict[int, str], batch: Batch
) -> dict[str, Any]:
    """The entry of a ticket; `is_new` if it has come into its group, and not only changed there."""
    told = entry(listener.reader.actor, listener.whose, ticket, rows.get(ticket.pk, ""))
    before, after = batch.spots.get(ticket.pk), _spot(ticket)
    if ticket.pk not in batch.changed:  # a listener was owed it: what stood where is forgotten
        told["is_new"] = ticket.waiting_since > clock.now() - arrivals.OLDEST
    elif before is None:
        told["is_new"] = True
    elif inbox.is_view(listener.whose):
        told["is_new"] = (before[:3], before[6]) != (after[:3], after[6])
    elif listener.whose == waiting.VIEW:
        told["is_new"] = before != after
    elif listener.whose != "all":
        told["is_new"] = before[:6] != after[:6]
    else:
        told["is_new"] = before[:5] != after[:5]
    return told
