"""Refusals in words that more than one page needs."""

from django.utils.translation import gettext as _

from firstline.tickets.workflow import MoveRefused


def closed_ticket() -> str:
    return _(
        "The ticket is closed and takes no more answers. Write a hidden comment, or open a new ticket."
    )


def other_line() -> str:
    return _(
        "The other line has this ticket now. Your text is kept: write it as a hidden comment or"
        " between the lines, or ask them to give the ticket to you."
    )


def refused_move(refusal: MoveRefused) -> str:
    """Why the workflow says no, and what it would allow."""
    if not refusal.allowed:
        return _("“%(status)s” is final: the status can't be changed any more.") % {
            "status": refusal.source.label
        }
    return _("From “%(status)s” the workflow leads only to: %(allowed)s.") % {
        "status": refusal.source.label,
        "allowed": ", ".join(status.label for status in refusal.allowed),
    }
