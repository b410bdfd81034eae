"""What became of a mail."""

from dataclasses import dataclass, field

from firstline.mail import proof as proofs
from firstline.mail.models import Outcome
from firstline.tickets.models import Message, Ticket


@dataclass(slots=True)
class Placed:
    """What became of a mail, and why: the trace is a list of [step, detail]."""

    outcome: str = Outcome.NOT_UNDERSTOOD
    ticket: Ticket | None = None
    message: Message | None = None
    trace: list[list[str]] = field(default_factory=list)
    proof: dict[str, str] = field(default_factory=dict)
    is_quiet: bool = False  # no automatic mail may follow from it
    confirmed_to: str | None = None  # the source of a mail that is confirmed without proof (C13)

    @property
    def word(self) -> proofs.Word:
        """Whether it is really from whom it names."""
        return proofs.word(self.proof)

    def note(self, step: str, detail: str = "") -> None:
        self.trace.append([step, detail[:300]])
