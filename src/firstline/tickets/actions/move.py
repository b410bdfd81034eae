"""Move a ticket to another status; close and reopen are moves with a known end (product 4)."""

from collections.abc import Sequence
from datetime import datetime

from firstline.base import clock
from firstline.base.db import atomic
from firstline.people.access import SYSTEM, Actor
from firstline.people.roles import Permission
from firstline.tickets import change, newer, workflow
from firstline.tickets.models import Status, Ticket
from firstline.tickets.models.ticket import Awaiting
from firstline.tickets.models.workflow import UNRESOLVED, Phase, Trigger


def move(
    actor: Actor,
    ticket: Ticket,
    status_key: str,
    *,
    via: str,
    until: datetime | None = None,
    seen: int | None = None,
) -> Ticket:
    """Move to the status with this key; a deferred one needs `until`, a moment ahead.

    A ticket gets to a resolved status by `resolve` alone, which answers the customer. `seen`: the
    newest message that an agent had seen; where somebody wrote to the other side since then, nothing is moved.
    Raises NotFound, Forbidden, MoveRefused, TimeNeeded, AnswerNeeded, NewerMessage.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_MOVE)
        newer.check(actor, ticket, seen)
        workflow_id, key = ticket.status.workflow_id, status_key.replace("\x00", "")
        target = Status.objects.filter(workflow=workflow_id, key=key).first()
        target = workflow.check_move(ticket, target)
        if target.phase == Phase.DEFERRED and (until is None or until <= clock.now()):
            raise workflow.TimeNeeded
        if target.phase == Phase.RESOLVED and ticket.phase != Phase.RESOLVED:
            raise workflow.AnswerNeeded
        change.set_status(actor, ticket, target, via, until=until)
        change.save(ticket)
    return ticket


def close(actor: Actor, ticket: Ticket, *, via: str) -> Ticket:
    """Close the ticket; where the workflow asks for more steps, a customer's wish makes it resolved.

    Raises NotFound, Forbidden, MoveRefused.
    """
    phases = [Phase.CLOSED] if actor.is_staff else [Phase.CLOSED, Phase.RESOLVED]
    return _end_in(actor, ticket, phases, Permission.TICKET_CLOSE, via, there=[Phase.CLOSED])


def reopen(actor: Actor, ticket: Ticket, *, via: str) -> Ticket:
    """Take a resolved or closed ticket up again; any other stays as it is.

    Raises NotFound, Forbidden, MoveRefused.
    """
    return _end_in(actor, ticket, [Phase.OPEN], Permission.TICKET_REOPEN, via, there=UNRESOLVED)


def _end_in(
    actor: Actor,
    ticket: Ticket,
    phases: Sequence[Phase],
    need: Permission,
    via: str,
    *,
    there: Sequence[Phase],
) -> Ticket:
    with atomic():
        ticket = change.begin(actor, ticket, need)
        if ticket.phase in there:
            return ticket
        allowed = workflow.allowed_moves(ticket)
        fitting = [status for phase in phases for status in allowed if status.phase == phase]
        if not fitting:
            raise workflow.MoveRefused(ticket.status, None, allowed)
        if fitting[0].phase == Phase.OPEN:
            ticket.awaiting, ticket.waiting_since = Awaiting.SUPPORT, clock.now()
        change.set_status(actor, ticket, fitting[0], via)
        change.save(ticket)
    return ticket


def resume(ticket_id: int) -> bool:
    """Return a deferred ticket whose time has come; False if somebody was faster (product 4.2)."""
    with atomic():
        now = clock.now()
        due = Ticket.objects.filter(pk=ticket_id, phase=Phase.DEFERRED, pending_until__lte=now)
        found = due.first()
        if found is None:
            return False
        ticket = change.begin(SYSTEM, found, Permission.TICKET_MOVE)
        if (
            ticket.phase != Phase.DEFERRED
            or ticket.pending_until is None
            or ticket.pending_until > now
        ):
            return False
        ticket.awaiting, ticket.waiting_since = Awaiting.SUPPORT, now
        change.pull(SYSTEM, ticket, Trigger.TIME_CAME, "system")
        if ticket.phase == Phase.DEFERRED:  # the workflow leads nowhere, so it waits for us there
            ticket.pending_until = None
        change.save(ticket, now)
    return True


def close_resolved(ticket_id: int, resolved_before: datetime) -> bool:
    """Close a ticket that has been resolved for long enough; False if it changed meanwhile (product 4.4)."""
    with atomic():
        found = Ticket.objects.filter(
            pk=ticket_id, phase=Phase.RESOLVED, resolved_at__lte=resolved_before
        ).first()
        if found is None:
            return False
        ticket = change.begin(SYSTEM, found, Permission.TICKET_CLOSE)
        if (
            ticket.phase != Phase.RESOLVED
            or ticket.resolved_at is None
            or ticket.resolved_at > resolved_before
        ):
            return False
        close(SYSTEM, ticket, via="system")
    return True
