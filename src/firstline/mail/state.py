"""How much mail waits and how much was put aside, for the check and the metrics."""

from dataclasses import dataclass

from firstline.base.work import Work
from firstline.mail.models import OutgoingMail, RawMail


@dataclass(frozen=True, slots=True)
class Backlog:
    waiting: int
    parked: int


def incoming() -> Backlog:
    """Mails stored and not yet digested."""
    return _backlog(RawMail)


def outgoing() -> Backlog:
    """Letters not yet sent."""
    return _backlog(OutgoingMail)


def _backlog(model: type[Work]) -> Backlog:
    rows = model._default_manager
    return Backlog(
        waiting=rows.filter(state=Work.State.WAITING).count(),
        parked=rows.filter(state=Work.State.PARKED).count(),
    )
