"""Resolve a ticket: the answer to the customer is part of it (product 3.7, cap 84)."""

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change, workflow
from firstline.tickets.actions.reply import answer
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.workflow import Phase


def resolve(actor: Actor, ticket: Ticket, draft: Draft, *, via: str) -> Message:
    """Answer and set the ticket resolved, or closed where the workflow knows no resolved status.

    Raises NotFound, Forbidden, MoveRefused, Closed, ValidationError.
    """
    draft.check()
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_RESOLVE)
        message = answer(actor, ticket, draft, via=via, why="resolving")
        allowed = workflow.allowed_moves(ticket)
        ends = [
            status
            for phase in (Phase.RESOLVED, Phase.CLOSED)
            for status in allowed
            if status.phase == phase
        ]
        if not ends:
            raise workflow.MoveRefused(ticket.status, None, allowed)
        change.set_status(actor, ticket, ends[0], via, why="resolved", message=message.pk)
        change.save(ticket)
    return message
