"""Why a mail became what it became, in sentences (product 11.10)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firstline.mail import reasons
from firstline.mail.models import RawMail

NATURES = {
    "person": gettext_lazy("A person wrote it."),
    "auto-reply": gettext_lazy("It is an automatic reply."),
    "bounce": gettext_lazy("It is a bounce: a mail server says that a mail did not arrive."),
    "bulk": gettext_lazy("It was sent to many, as newsletters are."),
}
PROOFS = {
    "proven": gettext_lazy("It is proven that the sender wrote it."),
    "not-proven": gettext_lazy("It is not proven that the sender wrote it."),
    "disproven": gettext_lazy("The server that received it says that the sender did not write it."),
}
STEPS = {
    "sender": gettext_lazy("The sender is %(detail)s."),
    "envelope-sender": gettext_lazy(
        "From names nobody. The server that brought it names %(detail)s."
    ),
    "form-sender": gettext_lazy(
        "%(detail)s sends filled-in forms: their Reply-To is the customer."
    ),
    "sorted-by": gettext_lazy("%(detail)s made a ticket of it."),
    "own-address": gettext_lazy(
        "%(detail)s is an address of our own, so answering it would go round."
    ),
    "no-sender": gettext_lazy("It names no sender, so nobody could be answered."),
    "no-department": gettext_lazy("No department takes mail for %(detail)s."),
    "postmaster": gettext_lazy(
        "It is for the postmaster (%(detail)s), so for whoever looks after mail here."
    ),
    "reply-address": gettext_lazy("It came to the reply address of %(detail)s."),
    "note": gettext_lazy(
        "The mail server did not hand it out at first; the note in its place is in %(detail)s."
    ),
    "references": gettext_lazy("It answers our mail about %(detail)s."),
    "conversation": gettext_lazy(
        "It belongs to the conversation of %(detail)s, which came with the same import."
    ),
    "conversation-of": gettext_lazy(
        "It answers a mail in %(detail)s, and the sender takes part in that conversation."
    ),
    "conversation-of-others": gettext_lazy(
        "It names a mail in %(detail)s, but the sender does not take part in that ticket."
    ),
    "written-by-us": gettext_lazy("We wrote it ourselves, to %(detail)s."),
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
    "agent-address": gettext_lazy("It came to an agent's own reply address for %(detail)s."),
    "agent-answered": gettext_lazy("It is proven to be the agent's, so it was done in %(detail)s."),
    "agent-automatic": gettext_lazy("It is automatic, so nothing was done."),
    "agent-not-theirs": gettext_lazy(
        "That address is not the one of %(detail)s, so nothing was done."
    ),
    "agent-unproven": gettext_lazy("It is not proven to be the agent's, so nothing was done."),
    "agent-no-right": gettext_lazy("The agent may not do this any more, so nothing was done."),
    "agent-repeated": gettext_lazy("It came before, so nothing was done again."),
    "agent-unknown-command": gettext_lazy("There is no command %(detail)s, so nothing was done."),
    "agent-empty": gettext_lazy("There is nothing above what it quotes, so nothing was done."),
    "agent-closed": gettext_lazy("The ticket is closed, so nothing was done."),
    "agent-already-closed": gettext_lazy(
        "The ticket had been closed already, so nothing was done."
    ),
    "agent-already-resolved": gettext_lazy(
        "The ticket had been resolved already, so nothing was done."
    ),
    "agent-answer-needed": gettext_lazy(
        "A ticket is resolved with an answer to the customer, so nothing was done."
    ),
    "agent-taken": gettext_lazy("%(detail)s has the ticket, so nothing was done."),
    "agent-no-move": gettext_lazy("The ticket can't go to that status, so nothing was done."),
    "agent-invalid": gettext_lazy("Nothing was done: %(detail)s."),
    "held-forged": gettext_lazy(
        "It is not from %(detail)s, says the server that received it, so only staff see it there."
    ),
    "many-unproven": gettext_lazy(
        "Many mails that nobody proved came from %(detail)s, so it was not confirmed."
    ),
    "merged": gettext_lazy("That ticket was merged: it goes on in %(detail)s."),
    "joined": gettext_lazy("It was added to %(detail)s."),
    "joined-as-copied": gettext_lazy(
        "%(detail)s got a copy of an answer from us, so what they write is added to the ticket."
    ),
    "held": gettext_lazy(
        "%(detail)s takes no part in the ticket, so only staff see the mail there."
    ),
    "opened": gettext_lazy("It opened %(detail)s."),
    "deleted": gettext_lazy("Its ticket %(detail)s was deleted."),
    "reply-address-gone": gettext_lazy(
        "The ticket of the reply address it came to is not here any more."
    ),
    "bounce-of": gettext_lazy("What did not arrive is our mail to %(detail)s."),
    "bounce-of-nothing-ours": gettext_lazy("What did not arrive is no mail of ours."),
    "unreadable": gettext_lazy("There is nothing in it that could be read."),
}


def sentences(mail: RawMail) -> list[str]:
    """What was found out about the mail, step by step, and the failure that stopped it."""
    found = told(mail.trace)
    if mail.problem:
        number = {"number": mail.attempts, "problem": reasons.plain(mail.problem).rstrip(".")}
        failed = ngettext(
            "%(number)d attempt failed: %(problem)s.",
            "%(number)d attempts failed, the last one with: %(problem)s.",
            mail.attempts,
        )
        found.append(failed % number)
    return found or [_("It has not been processed yet.")]


def told(trace: list[list[str]]) -> list[str]:
    """Steps of a trace in sentences."""
    steps = {step for step, _detail in trace}
    return [_sentence(step, detail) for step, detail in trace if not _is_said(step, detail, steps)]


def _is_said(step: str, detail: str, steps: set[str]) -> bool:
    """Whether another step says the same, and better."""
    return (step == "sender" and not detail) or (step == "no-sender" and "own-address" in steps)


def _sentence(step: str, detail: str) -> str:
    if step == "proof":
        return str(PROOFS.get(detail, detail))
    if step == "nature":
        return str(NATURES.get(detail, detail))
    if step in STEPS:
        return str(STEPS[step]) % {"detail": detail.rstrip(".")}
    return f"{step}: {detail}" if detail else step
