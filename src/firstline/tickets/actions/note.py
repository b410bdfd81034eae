"""Write a hidden comment: for staff only (product 3.7)."""

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.access import partner_of
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility


def note(actor: Actor, ticket: Ticket, draft: Draft, *, via: str) -> Message:
    """Add a comment that no customer ever sees, by any channel; a closed ticket takes it too.

    Raises NotFound, Forbidden, ValidationError.
    """
    draft.check()
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_NOTE)
        message = write(
            ticket,
            actor.person,
            draft,
            kind=Kind.HIDDEN,
            channel=via,
            visibility=Visibility.INTERNAL,
            partner_id=partner_of(actor),
        )
        change.record(actor, ticket, "ticket.noted", via, message=message.pk)
        change.save(ticket)
    return message
