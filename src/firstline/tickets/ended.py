"""Whether a ticket has been resolved already, by whom and when: nobody resolves one twice."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from firstline.events.models import Event
from firstline.tickets.change import SUBJECT
from firstline.tickets.models import Ticket
from firstline.tickets.models.workflow import UNRESOLVED, Phase


class AlreadyResolved(Exception):
    """Somebody was faster. `phase`: resolved or closed; `who`: a name, "" where nobody did it by hand."""

    def __init__(self, phase: str, who: str, at: datetime) -> None:
        super().__init__(f"{phase} by {who or 'the system'}")
        self.phase, self.who, self.at = phase, who, at


def check(ticket: Ticket) -> None:
    """Refuse to resolve what is resolved or closed; the caller holds the lock. Raises AlreadyResolved."""
    if ticket.phase in UNRESOLVED:
        return
    moves = Event.objects.filter(
        subject_kind=SUBJECT, subject_id=ticket.pk, kind="ticket.moved"
    ).select_related("actor")
    last = moves.order_by("-id").first()
    by_hand = last is not None and last.data.get("phase") == ticket.phase and last.actor is not None
    who = last.actor.display_name if last and last.actor and by_hand else ""
    moment = ticket.closed_at if ticket.phase == Phase.CLOSED else ticket.resolved_at
    raise AlreadyResolved(ticket.phase, who, moment or ticket.updated_at)


def words(problem: AlreadyResolved) -> str:
    """Who was faster and when, in the reader's language and time zone."""
    moment = timezone.localtime(problem.at)
    pattern = "H:i" if moment.date() == timezone.localtime().date() else "d.m.Y H:i"
    values = {"who": problem.who, "when": date_format(moment, pattern)}
    if problem.phase == Phase.CLOSED:
        told = (
            _("Already closed by %(who)s, %(when)s.")
            if problem.who
            else _("Already closed, %(when)s.")
        )
    else:
        told = (
            _("Already resolved by %(who)s, %(when)s.")
            if problem.who
            else _("Already resolved, %(when)s.")
        )
    return told % values
