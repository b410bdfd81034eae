"""What mail does when a ticket is deleted: nothing of it goes out, and what came is not taken again (C72)."""

from firstline.events import log
from firstline.events.models import Event
from firstline.mail.models import AgentAddress, Outcome, OutgoingMail, RawMail
from firstline.tickets.change import SUBJECT
from firstline.tickets.models import Ticket


def let_go(ticket: Ticket) -> None:
    """Before the ticket goes (wiring/removals.py): its letters go, the mails that came to it stay.

    By their keys the same mails are known wherever they turn up again. They stand in the list, from
    where each can be made a ticket again.
    """
    traces = RawMail.objects.values_list("pk", "trace")  # two questions: each has an index
    came = dict(traces.filter(ticket=ticket)) | dict(traces.filter(message__ticket=ticket))
    for pk, trace in came.items():
        RawMail.objects.filter(pk=pk).update(
            outcome=Outcome.DELETED,
            ticket=None,
            message=None,
            trace=[*trace, ["deleted", ticket.number]],
        )
    events = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    OutgoingMail.objects.filter(event__in=list(events.values_list("pk", flat=True))).delete()
    OutgoingMail.objects.filter(ticket=ticket).delete()
    OutgoingMail.objects.filter(message__ticket=ticket).delete()
    AgentAddress.objects.filter(ticket=ticket).delete()


def forget(event: Event) -> None:
    """After it has gone (wiring/reactions.py): its history goes, too. May run twice.

    Only now, since a worker that is in the middle of a reaction holds rows of both.
    """
    before = Event.objects.filter(subject_kind=event.subject_kind, subject_id=event.subject_id)
    OutgoingMail.objects.filter(event__in=before.exclude(pk=event.pk)).delete()
    log.forget(event)
