"""Write between the lines: the partner's and the platform's read it, no customer does (product 11.2)."""

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.actions.hand_over import NoOtherLine
from firstline.tickets.messages import Draft, write
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility


def between(actor: Actor, ticket: Ticket, draft: Draft, *, via: str) -> Message:
    """Add a comment for both lines, whichever holds the ticket; a closed one takes it too.

    Raises NotFound, Forbidden, NoOtherLine, ValidationError.
    """
    draft.check()
    with atomic():
        ticket = change.begin(actor, ticket, Permission.LINES_COMMENT)
        if ticket.partner is None or not ticket.partner.own_first_line:
            raise NoOtherLine(ticket.number)
        message = write(
            ticket,
            actor.person,
            draft,
            kind=Kind.BETWEEN,
            channel=via,
            visibility=Visibility.BETWEEN_LINES,
        )
        change.record(actor, ticket, "ticket.said_between", via, message=message.pk)
        change.save(ticket)
    return message
