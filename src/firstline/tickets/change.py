"""What every verb has in common: lock and authorise, set a status, write the row and the event."""

from datetime import datetime
from typing import Any

from firstline.base import clock
from firstline.events import log
from firstline.events.models import Event
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, workflow
from firstline.tickets.models import Status, Ticket
from firstline.tickets.models.workflow import Phase, Trigger

SUBJECT = "ticket"


def begin(actor: Actor, ticket: Ticket, need: Permission) -> Ticket:
    """The ticket as it is now, locked, if the actor sees it and may do `need`. Raises NotFound, Forbidden."""
    return access.get_for(actor, ticket.number, need, lock=True)


def record(actor: Actor, ticket: Ticket, kind: str, via: str, **data: Any) -> Event:
    """Write what happened to the ticket."""
    return log.record(
        kind,
        subject_kind=SUBJECT,
        subject_id=ticket.pk,
        **actor.signature,
        via=via,
        data=data,
    )


def save(ticket: Ticket, now: datetime | None = None) -> None:
    """Write the row, with its place on the desk."""
    ticket.updated_at = now or clock.now()
    ticket.desk_group = workflow.desk_group(ticket)
    ticket.save()


def set_status(
    actor: Actor,
    ticket: Ticket,
    target: Status,
    via: str,
    *,
    until: datetime | None = None,
    why: str = "",
    **more: Any,
) -> Event:
    """Put the ticket into `target` and record it; the caller has checked that this may be. Saves nothing.

    `more` stands in the event, such as the `message` that the move came with.
    """
    now = clock.now()
    source, ticket.status, ticket.phase = ticket.status, target, target.phase
    ticket.pending_until = until if target.phase == Phase.DEFERRED else None
    if target.phase == Phase.RESOLVED:
        ticket.resolved_at = now
    elif target.phase == Phase.CLOSED:
        ticket.closed_at = now
        ticket.resolved_at = ticket.resolved_at or now
    else:
        ticket.resolved_at = ticket.closed_at = None
    data: dict[str, Any] = {"from": source.names, "to": target.names, "phase": target.phase}
    data |= {"from_phase": source.phase, "from_key": source.key, "to_key": target.key}
    data |= {
        "customer_from": source.customer_names or source.names,
        "customer_to": target.customer_names or target.names,
    }
    if until:
        data["until"] = until.isoformat()
    if why:
        data["why"] = why
    return record(actor, ticket, "ticket.moved", via, **data, **more)


def pull(actor: Actor, ticket: Ticket, trigger: Trigger, via: str, **more: Any) -> None:
    """Let the workflow do what it does by itself at this trigger. Saves nothing."""
    target = workflow.by_itself(ticket, trigger)
    if target is not None:
        set_status(actor, ticket, target, via, why=trigger.value, **more)
