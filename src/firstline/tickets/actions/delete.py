"""Delete a ticket for good: spam, a test, a person's wish (C72)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.base.lines import one_line
from firstline.events import log
from firstline.files.forget import forget
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.models import (
    Attachment,
    Merge,
    Message,
    NotesVersion,
    PendingMessage,
    Request,
    Ticket,
    TicketLink,
)

LONGEST = 300
Removal = Callable[[Ticket], object]


class StillMerged(Exception):
    """Other tickets and this one are one conversation: they have to be separated first."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self.numbers = sorted(numbers)
        super().__init__(", ".join(self.numbers))

    @property
    def text(self) -> str:
        """What to do, in the reader's language."""
        return _("It is merged with %(numbers)s. Separate them first.") % {"numbers": str(self)}


@dataclass(frozen=True, slots=True)
class Loss:
    """How much goes with a ticket."""

    messages: int
    files: int


def loss(ticket: Ticket) -> Loss:
    """How much would go with the ticket; the hidden words of both lines count, too."""
    files = Attachment.objects.filter(message__ticket=ticket)
    return Loss(ticket.messages.count(), files.count())


def delete(actor: Actor, ticket: Ticket, *, via: str, why: str = "") -> None:
    """Delete the ticket with all that hangs on it; what stays is that it was, and who deleted it.

    The mails that it came of stay as they came, so that none of them is taken for a new one (C72).
    Raises NotFound, Forbidden, StillMerged.
    """
    removals: tuple[Removal, ...] = import_string(settings.REMOVALS)
    with atomic():
        hold(Ticket.objects.filter(pk=ticket.pk), whole=True)
        ticket = access.get_for(actor, ticket.number, Permission.TICKET_DELETE)
        _check(ticket)
        for remove in removals:
            remove(ticket)
        _unlink(actor, ticket, via)
        log.hush(change.SUBJECT, ticket.pk)
        told = {"number": ticket.number, "why": one_line(why, LONGEST)}
        change.record(actor, ticket, "ticket.deleted", via, **told)
        _remove(ticket)


def _check(ticket: Ticket) -> None:
    """A merged one shows its words elsewhere, or those of others: nobody shall lose them unawares."""
    merged = Ticket.objects.filter(Q(merged_into=ticket) | Q(pk=ticket.merged_into_id))
    if numbers := list(merged.values_list("number", flat=True)):
        raise StillMerged(numbers)


def _unlink(actor: Actor, ticket: Ticket, via: str) -> None:
    """The tickets on the other end stay, and say so."""
    links = TicketLink.objects.filter(Q(ticket=ticket) | Q(other=ticket))
    for row in links.select_related("ticket", "other"):
        is_ours = row.ticket_id == ticket.pk
        there, way = (row.other, "from") if is_ours else (row.ticket, "to")
        told = {"number": ticket.number, "other": ticket.pk, "bond": row.kind, "way": way}
        change.record(actor, there, "ticket.unlinked", via, **told)
    links.delete()
    Ticket.objects.filter(follows=ticket).update(follows=None)
    Merge.objects.filter(Q(ticket=ticket) | Q(into=ticket)).delete()  # taken back, all of them


def _remove(ticket: Ticket) -> None:
    """The rows below the ticket. Whatever is not named here goes with it by CASCADE, or stops it."""
    attachments = Attachment.objects.filter(message__ticket=ticket)
    pending = PendingMessage.files.through.objects.filter(pendingmessage__ticket=ticket)
    files = {
        *attachments.values_list("file_id", flat=True),
        *pending.values_list("file_id", flat=True),
    }
    attachments.delete()
    Message.objects.filter(ticket=ticket).delete()
    NotesVersion.objects.filter(ticket=ticket).delete()
    Request.objects.filter(ticket=ticket).delete()
    ticket.delete()
    forget(files)
