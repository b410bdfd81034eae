"""Comment publicly: the customer is told, the status stays (product 3.7)."""

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change, newer
from firstline.tickets.actions.claim import Closed
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind
from firstline.tickets.models.workflow import Phase


def comment(
    actor: Actor, ticket: Ticket, draft: Draft, *, via: str, seen: int | None = None
) -> Message:
    """Add a public comment; neither the status nor whose turn it is changes.

    Raises NotFound, Forbidden, Closed, NewerMessage, ValidationError.
    """
    draft.check()
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_COMMENT)
        if ticket.phase == Phase.CLOSED:
            raise Closed
        newer.check(actor, ticket, seen)
        now = clock.now()
        message = write(ticket, actor.person, draft, kind=Kind.COMMENT, channel=via, at=now)
        change.record(actor, ticket, "ticket.replied", via, message=message.pk)
        change.save(ticket, now)
    return message
