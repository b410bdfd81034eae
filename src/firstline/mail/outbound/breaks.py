"""Servers that take no mail at all: one mail at a time finds out whether they do again (D13).

Else each mail in its turn would hold a worker for as long as such a server keeps silent, and nothing
else would be done meanwhile: mail that came would not be read. A process remembers it for itself.
"""

import threading
import time
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from firstline.mail.models import OutgoingMail
from firstline.mail.outbound.carriers import Carrier

SHORTEST, LONGEST = 5.0, 120.0  # seconds between two tries of a server


@dataclass(slots=True)
class Break:
    """A server rests until a moment (of time.monotonic), because of what was last in the way."""

    until: float
    pause: float
    problem: str

    @property
    def left(self) -> timedelta:
        return timedelta(seconds=max(self.until - time.monotonic(), 1.0))


BREAKS: dict[str, Break] = {}
_turn = threading.Lock()


def of(carrier: Carrier) -> Break | None:
    """The break of this server. None: this mail may go; at the end of a break it is the only one."""
    with _turn:
        found = BREAKS.get(carrier.name)
        if found is None or found.until > time.monotonic():
            return found
        found.until = time.monotonic() + carrier.longest
        return None


def begin(carrier: Carrier, problem: str) -> None:
    """The server could not be reached: nobody tries for a while, for twice as long the next time."""
    with _turn:
        before = BREAKS.get(carrier.name)
        pause = min(max(before.pause * 2 if before else 0, SHORTEST), LONGEST)
        BREAKS[carrier.name] = Break(time.monotonic() + pause, pause, problem)


def end(carrier: Carrier) -> None:
    """The server answers: what rested because of it is due now, and the sweeper takes it up."""
    with _turn:
        found = BREAKS.pop(carrier.name, None)
    if found is not None:
        now, waiting = timezone.now(), OutgoingMail.State.WAITING
        resting = OutgoingMail.objects.filter(state=waiting, due_at__gt=now, problem=found.problem)
        resting.filter(unheard=0).update(
            due_at=now
        )  # the others may be on their way at this moment
