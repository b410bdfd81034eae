"""Why a mail became what it became, in sentences (product 11.10)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firstline.mail.models import RawMail

NATURES = {
    "person": gettext_lazy("A person wrote it."),
    "auto-reply": gettext_lazy("It is an automatic reply."),
    "bounce": gettext_lazy("It is a bounce: a mail server says that a mail did not arrive."),
    "bulk": gettext_lazy("It was sent to many, as newsletters are."),
}
STEPS = {
    "sender": gettext_lazy("The sender is %(detail)s."),
    "own-address": gettext_lazy(
        "%(detail)s is an address of our own, so answering it would go round."
    ),
    "no-sender": gettext_lazy("It names no sender, so nobody could be answered."),
    "no-department": gettext_lazy("No department takes mail for %(detail)s."),
    "reply-address": gettext_lazy("It came to the reply address of %(detail)s."),
    "references": gettext_lazy("It answers our mail about %(detail)s."),
    "number": gettext_lazy(
        "Its subject names %(detail)s, and the sender takes part in that ticket."
    ),
    "number-of-another": gettext_lazy(
        "Its subject names %(detail)s, but the sender takes no part in that ticket."
    ),
    "written-to": gettext_lazy("It was written to our public address %(detail)s."),
    "check": gettext_lazy("It is the letter that checks whether %(detail)s is forwarded."),
    "check-answered": gettext_lazy(
        "It is an automatic answer to the letter that checks whether %(detail)s is forwarded."
    ),
    "check-unknown": gettext_lazy("It looks like the letter of a check that is not known here."),
    "merged": gettext_lazy("That ticket was merged: it goes on in %(detail)s."),
    "joined": gettext_lazy("It was added to %(detail)s."),
    "joined-as-copied": gettext_lazy(
        "%(detail)s got a copy of an answer from us, so what they write is added to the ticket."
    ),
    "held": gettext_lazy(
        "%(detail)s takes no part in the ticket, so only staff see the mail there."
    ),
    "opened": gettext_lazy("It opened %(detail)s."),
    "bounce-of": gettext_lazy("What did not arrive is our mail to %(detail)s."),
    "bounce-of-nothing-ours": gettext_lazy("What did not arrive is no mail of ours."),
    "unreadable": gettext_lazy("It can't be read as a mail: %(detail)s."),
}


def sentences(mail: RawMail) -> list[str]:
    """What was found out about the mail, step by step, and the failure that stopped it."""
    steps = {step for step, _detail in mail.trace}
    told = [
        _sentence(step, detail) for step, detail in mail.trace if not _is_said(step, detail, steps)
    ]
    if mail.problem:
        number = {"number": mail.attempts, "problem": mail.problem.rstrip(".")}
        failed = ngettext(
            "%(number)d attempt failed: %(problem)s.",
            "%(number)d attempts failed, the last one with: %(problem)s.",
            mail.attempts,
        )
        told.append(failed % number)
    return told or [_("It has not been processed yet.")]


def _is_said(step: str, detail: str, steps: set[str]) -> bool:
    """Whether another step says the same, and better."""
    return (step == "sender" and not detail) or (step == "no-sender" and "own-address" in steps)


def _sentence(step: str, detail: str) -> str:
    if step == "nature":
        return str(NATURES.get(detail, detail))
    if step in STEPS:
        return str(STEPS[step]) % {"detail": detail.rstrip(".")}
    return f"{step}: {detail}" if detail else step
