"""What became of the mails that carried our messages (product 7.6: shown at each message)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.db.models.functions import Lower

from firstline.mail import reasons
from firstline.mail.models import OutgoingMail, Suppression

# Where one message went to several people, the one that needs attention speaks for all.
ATTENTION = ("sent", "queued", "retry", "failed")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One mail's way: `state` is queued, retry, sent or failed; `due_at` is the next try.

    `may_be_double`: an attempt before the last one ended, or was ended, before the server answered.
    `is_stopped`: nothing is sent to one of its recipients any more.
    """

    state: str
    recipient: str
    problem: str
    due_at: datetime
    sent_at: datetime | None
    may_be_double: bool = False
    is_stopped: bool = False

    @property
    def urgency(self) -> tuple[int, bool]:
        """Where one message went to several people, the one with the most speaks for all."""
        return ATTENTION.index(self.state), self.may_be_double

    @property
    def why(self) -> str:
        """The problem in plain words, with what the server said."""
        return reasons.plain(self.problem)


def deliveries_of(message_ids: Iterable[int]) -> dict[int, Delivery]:
    """The delivery of each message that was mailed, by the message's id, in one query."""
    stopped = Exists(Suppression.objects.filter(address=Lower(OuterRef("recipient"))))
    mails = OutgoingMail.objects.filter(message__in=list(message_ids)).order_by("id")
    fields = ("message_id", "state", "problem", "recipient", "due_at", "sent_at", "unheard")
    rows = mails.annotate(stopped=stopped).values_list(*fields, "stopped")
    found: dict[int, Delivery] = {}
    for message_id, kept, problem, recipient, due_at, sent_at, unheard, is_stopped in rows:
        if message_id is None:
            continue
        state = state_of(kept, problem)
        may_be_double = bool(unheard) and state in {"sent", "failed"}
        known = found.get(message_id)
        any_stopped = is_stopped or (known is not None and known.is_stopped)
        new = Delivery(state, recipient, problem, due_at, sent_at, may_be_double, any_stopped)
        if known is None or new.urgency > known.urgency:
            found[message_id] = new
        elif any_stopped:
            found[message_id] = replace(known, is_stopped=True)
    return found


def state_of(state: str, problem: str) -> str:
    """The state of a mail as its readers know it: sent, queued, retry or failed."""
    if state == OutgoingMail.State.DONE:
        return "sent"
    if state == OutgoingMail.State.PARKED:
        return "failed"
    return "retry" if problem else "queued"
