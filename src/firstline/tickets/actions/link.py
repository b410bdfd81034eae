"""Link tickets that belong together, and take a link away (product 3.10)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic, hold
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.links import is_incident
from firstline.tickets.models import Ticket, TicketLink

Kind = TicketLink.Kind


def link(actor: Actor, ticket: Ticket, other: Ticket, kind: str, *, via: str) -> TicketLink:
    """Say that the ticket is related to `other`, a duplicate of it, or part of it, an incident.

    A link that is there stays as it is. Raises NotFound, Forbidden, ValidationError.
    """
    if kind not in Kind.values:
        raise ValidationError({"kind": _("There is no such kind of link.")})
    with atomic():
        hold(Ticket.objects.filter(pk__in=[ticket.pk, other.pk]))
        ticket = access.get_for(actor, ticket.number, Permission.TICKET_LINK)
        other = access.get_for(actor, other.number, Permission.TICKET_LINK)
        _check(ticket, other, kind)
        if kind == Kind.RELATED and ticket.pk > other.pk:
            ticket, other = other, ticket
        row, is_new = TicketLink.objects.get_or_create(
            ticket=ticket, other=other, kind=kind, defaults={"by": actor.person}
        )
        if is_new:
            _record(actor, row, "ticket.linked", via)
    return row


def unlink(actor: Actor, ticket: Ticket, link_id: int, *, via: str) -> None:
    """Take a link of the ticket away. Raises NotFound, Forbidden."""
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_LINK)
        links = TicketLink.objects.select_related("ticket", "other")
        row = links.filter(pk=link_id).first()
        if row is None or ticket.pk not in {row.ticket_id, row.other_id}:
            raise NotFound(str(link_id))
        other = row.other if row.ticket_id == ticket.pk else row.ticket
        access.get_for(actor, other.number, Permission.TICKET_LINK)
        if TicketLink.objects.filter(pk=link_id).delete()[0]:
            _record(actor, row, "ticket.unlinked", via)


def _check(ticket: Ticket, other: Ticket, kind: str) -> None:
    if ticket.pk == other.pk:
        raise ValidationError({"other": _("A ticket can't be linked with itself.")})
    if kind == Kind.PART and not is_incident(other):
        raise ValidationError({"other": _("%(number)s is no incident.") % {"number": other.number}})
    back = TicketLink.objects.filter(ticket=other, other=ticket, kind=kind)
    if kind != Kind.RELATED and back.exists():
        raise ValidationError({"other": _("They are linked the other way round already.")})


def _record(actor: Actor, row: TicketLink, event: str, via: str) -> None:
    """Each of the two says what the other is to it."""
    for here, there, way in ((row.ticket, row.other, "to"), (row.other, row.ticket, "from")):
        data = {"number": there.number, "other": there.pk, "bond": row.kind, "way": way}
        change.record(actor, here, event, via, **data)
