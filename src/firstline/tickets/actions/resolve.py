"""Resolve a ticket: the answer to the customer is part of it (product 3.7, cap 84)."""

from collections.abc import Iterable

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import change, newer, workflow
from firstline.tickets.actions.reply import answer
from firstline.tickets.messages import Draft
from firstline.tickets.models import Message, Status, Ticket
from firstline.tickets.models.workflow import Phase


def resolve(
    actor: Actor, ticket: Ticket, draft: Draft, *, via: str, seen: int | None = None
) -> Message:
    """Answer and set the ticket resolved, or closed where the workflow knows no resolved status.

    Raises NotFound, Forbidden, MoveRefused, Closed, NewerMessage, ValidationError.
    """
    draft.check()
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_RESOLVE)
        newer.check(actor, ticket, seen)
        message = answer(actor, ticket, draft, via=via, why="resolving")
        allowed = workflow.allowed_moves(ticket)
        end = end_of(allowed)
        if end is None:
            raise workflow.MoveRefused(ticket.status, None, allowed)
        change.set_status(actor, ticket, end, via, why="resolved", message=message.pk)
        change.save(ticket)
    return message


def end_of(allowed: Iterable[Status]) -> Status | None:
    """Where resolving leads among the moves that a workflow allows: resolved before closed."""
    ends = {status.phase: status for status in reversed(list(allowed))}
    return ends.get(Phase.RESOLVED) or ends.get(Phase.CLOSED)
