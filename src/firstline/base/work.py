"""Rows that stand for something that must happen: claimed, retried, parked when poisoned.

A claim pushes `due_at` into the future, so a worker that dies gives its row back by itself when the
lease ends; `attempts` is the fencing token: a worker that hung can't finish what another took over.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

import structlog
from django.db import models
from django.db.models import F
from django.utils import timezone

from firstline.base import failures
from firstline.base.failures import GAVE_UP

log = structlog.get_logger(__name__)


class Superseded(Exception):
    """Another worker has taken the row over meanwhile: what ours did must leave no trace."""


class Work(models.Model):
    """One piece of work with its state. A subclass says how often it is tried."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        PARKED = "parked"

    LEASE: ClassVar[timedelta] = timedelta(minutes=2)
    MOST_ATTEMPTS: ClassVar[int] = 8
    CLAIMED: ClassVar[dict[str, Any]] = {}  # what else a claim writes, before anything is done

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    problem = models.TextField(blank=True)

    class Meta:
        abstract = True

    @classmethod
    def claim(cls, pk: int) -> Self | None:
        """The row, if it is due and nobody else has it; it is ours until its lease ends."""
        now = timezone.now()
        due = cls._default_manager.filter(pk=pk, state=cls.State.WAITING, due_at__lte=now)
        if not due.update(due_at=now + cls.LEASE, attempts=F("attempts") + 1, **cls.CLAIMED):
            return None
        row = cls._default_manager.get(pk=pk)
        if (
            row.attempts > cls.MOST_ATTEMPTS
        ):  # each earlier try ended without a word: it kills its worker
            row.park(row.problem or GAVE_UP)
            return None
        return row

    @classmethod
    def claim_fresh(cls, most: int) -> list[Self]:
        """Some rows that are due and were never tried, in one piece; they are ours as in `claim`.

        What was tried before is taken up by itself: it may have ended its worker.
        """
        now = timezone.now()
        fresh = cls._default_manager.filter(
            state=cls.State.WAITING, due_at__lte=now, attempts=0
        ).order_by("due_at", "pk")
        ids = list(fresh.values_list("pk", flat=True)[:most])
        if not ids:
            return []
        # Whose claim it was, where two reached for the same rows, shows the end of the lease.
        until = now + cls.LEASE + timedelta(microseconds=secrets.randbelow(1_000_000))
        rows = cls._default_manager.filter(pk__in=ids)
        rows.filter(state=cls.State.WAITING, attempts=0).update(
            due_at=until, attempts=1, **cls.CLAIMED
        )
        return list(rows.filter(due_at=until, attempts=1).order_by("pk"))

    def _settle(self, **values: object) -> bool:
        """Write the outcome, unless another worker has taken the row over meanwhile."""
        mine = type(self)._default_manager.filter(
            pk=self.pk, state=self.State.WAITING, attempts=self.attempts
        )
        for name, value in values.items():
            setattr(self, name, value)
        return mine.update(**values) == 1

    def finish(self, **values: object) -> bool:
        """Mark it done; False if the lease was lost."""
        return self._settle(state=self.State.DONE, problem="", **values)

    def park(self, problem: str) -> bool:
        """Put it aside for a person to look at."""
        log.error("work parked", kind=type(self).__name__, pk=self.pk, problem=problem)
        return self._settle(state=self.State.PARKED, problem=problem[:4000])

    def retry(self, problem: str, *, wait: timedelta | None = None) -> bool:
        """Try again later: after `wait`, or with a doubling pause; the last try parks it."""
        if self.attempts >= self.MOST_ATTEMPTS:
            return self.park(problem)
        return self._settle(due_at=timezone.now() + (wait or self.pause()), problem=problem[:4000])

    @property
    def why(self) -> str:
        """What is in the way, in the reader's words; "" for nothing."""
        return failures.told(self.problem)

    def pause(self) -> timedelta:
        """The pause after this attempt: 5 seconds, doubling, at most an hour."""
        return timedelta(seconds=min(5 * 2 ** (self.attempts - 1), 3600))

    @classmethod
    def due(cls, now: datetime | None = None, most: int = 500) -> list[int]:
        """Ids of rows that wait for a worker, oldest first."""
        waiting = cls._default_manager.filter(
            state=cls.State.WAITING, due_at__lte=now or timezone.now()
        )
        return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:most])

    @classmethod
    def sweep(cls, run: Callable[[int], object]) -> int:
        """Hand every due row to `run` until none is left; how many there were.

        It ends: whoever runs a row claims it first, and a claimed row is not due for a while.
        """
        count = 0
        while ids := cls.due():
            for pk in ids:
                run(pk)
            count += len(ids)
        return count
