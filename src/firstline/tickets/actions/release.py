"""Show the customer a mail that was held, because an agent looked at it (C1, C2, C6)."""

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, change
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Visibility
from firstline.tickets.models.ticket import Awaiting


def release(actor: Actor, ticket: Ticket, message_id: int, *, via: str) -> Message:
    """Make a held mail part of what the customer reads. Its sender gets nothing of it, nor later.

    Released before: nothing happens. Raises NotFound, Forbidden.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_REPLY)
        if not actor.is_staff:
            raise NotFound(str(message_id))
        message = access.messages_for(actor, ticket).filter(pk=message_id).first()
        if message is None:
            raise NotFound(str(message_id))
        if not message.is_foreign:
            return message
        message.is_foreign, message.visibility = False, Visibility.PUBLIC
        message.save(update_fields=["is_foreign", "visibility"])
        if not ticket.is_closed and ticket.awaiting != Awaiting.SUPPORT:
            ticket.awaiting, ticket.waiting_since = Awaiting.SUPPORT, clock.now()
        name = message.author_name
        change.record(actor, ticket, "ticket.released", via, message=message.pk, name=name)
        change.save(ticket)
    return message
