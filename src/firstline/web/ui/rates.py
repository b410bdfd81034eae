"""Counting what may be done so often in so long, in the database: the same for all processes, kept
over a restart, and out of reach of whoever is limited.

A window begins with the first use and holds `most` of them. What is refused writes nothing, so a
stranger fills no table by being refused, and rows go when their window is over.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from firstline.base.db import atomic
from firstline.web.models import RateLimit


@dataclass(frozen=True, slots=True)
class Rate:
    """So many uses within a window of so many seconds, for each source by itself."""

    name: str
    most: int
    seconds: int

    def key(self, source: str) -> str:
        """What is kept of the source: nobody can read who it was."""
        parts = f"{self.name}\0{self.most}\0{self.seconds}\0{source}"
        return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).hexdigest()


class Full(Exception):
    """A limit has nothing left."""


class Usage:
    """What was counted, to be taken back."""

    def __init__(self, counted: dict[str, datetime]) -> None:
        self.counted = counted

    def rollback(self) -> None:
        """Count it as never done."""
        with atomic():
            for key, until in self.counted.items():
                mine = RateLimit.objects.filter(key=key, until=until, used__gt=0)
                mine.update(used=F("used") - 1)


def use(*limits: tuple[Rate, str]) -> Usage | None:
    """Count one use by each of these sources; None, and nothing counted, where one has none left."""
    now = timezone.now()
    rates = {rate.key(source): rate for rate, source in limits}
    found = {one.key: one for one in RateLimit.objects.filter(key__in=rates, until__gt=now)}
    if any(one.used >= rates[key].most for key, one in found.items()):
        return None
    new = [RateLimit(key=key, used=0, until=now) for key in rates if key not in found]
    try:
        with atomic():
            RateLimit.objects.bulk_create(new, ignore_conflicts=True)
            ends = {key: one.until for key, one in found.items()}
            return Usage({key: _count(key, rate, now, ends) for key, rate in rates.items()})
    except Full:  # somebody took the last one at the same moment
        return None


def clear(*limits: tuple[Rate, str]) -> None:
    """Forget all uses by these sources."""
    RateLimit.objects.filter(key__in=[rate.key(source) for rate, source in limits]).delete()


def forget() -> None:
    """Delete the windows that are over; run by the clock."""
    RateLimit.objects.filter(until__lte=timezone.now()).delete()


def _count(key: str, rate: Rate, now: datetime, ends: dict[str, datetime]) -> datetime:
    """Count one use, by conditional updates: however many at once, no more than the limit pass.

    The end of the window; `ends` are those that are known. Raises Full.
    """
    mine = RateLimit.objects.filter(key=key)
    end = now + timedelta(seconds=rate.seconds)
    if key not in ends and mine.filter(until__lte=now).update(used=1, until=end):
        return end
    if not mine.filter(used__lt=rate.most).update(used=F("used") + 1):
        raise Full
    return ends.get(key) or mine.values_list("until", flat=True).get()
