"""What became of a mail."""

from dataclasses import dataclass, field

from firstline.mail.models import Outcome
from firstline.tickets.models import Message, Ticket


@dataclass(slots=True)
class Placed:
    """What became of a mail, and why: the trace is a list of [step, detail]."""

    outcome: str = Outcome.NOT_UNDERSTOOD
    ticket: Ticket | None = None
    message: Message | None = None
    trace: list[list[str]] = field(default_factory=list)

    def note(self, step: str, detail: str = "") -> None:
        self.trace.append([step, detail[:300]])
