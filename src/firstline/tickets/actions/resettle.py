"""Tickets whose department goes, or whose department follows another workflow: many, in batches.

Nobody is written to: for their customers nothing has happened.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from firstline.base import clock
from firstline.base.db import atomic, hold
from firstline.people.access import Actor
from firstline.tickets import change, departments, workflow
from firstline.tickets.models import Department, Status, Ticket
from firstline.tickets.models.workflow import Phase

BATCH = 200


def follow_workflow(
    actor: Actor, department: Department, statuses: Mapping[int, Status], *, via: str
) -> int:
    """Put the department's unclosed tickets into the statuses of its workflow, by id of their old one.

    The caller has checked the right and that each old status has a new one. Returns how many changed.
    """
    done = 0
    for old, new in statuses.items():
        waiting = Ticket.objects.filter(department=department, status=old)
        while ids := _some(waiting):
            done += _put(actor, ids, department, {old: new}, via)
    return done


def move_all(actor: Actor, source: Department, target: Department, *, via: str) -> int:
    """Move the open and resolved tickets of one department to another; each keeps its meaning.

    The caller has checked the right. Returns how many went.
    """
    found = departments.strays(source, target.workflow)
    statuses = {one.pk: departments.counterpart(one, target.workflow) for one, _number in found}
    moved = 0
    waiting = Ticket.objects.filter(department=source)
    while ids := _some(waiting):
        moved += _put(actor, ids, target, statuses, via)
    return moved


def _some(waiting: QuerySet[Ticket]) -> list[int]:
    """Some of these tickets that are not closed, in the order of an index."""
    parts = (waiting.filter(is_open=1), waiting.filter(is_open=0, phase=Phase.RESOLVED))
    ordered = (part.order_by("-updated_at", "-id") for part in parts)
    for part in ordered:
        if ids := list(part.values_list("pk", flat=True)[:BATCH]):
            return ids
    return []


def _put(
    actor: Actor,
    ids: list[int],
    department: Department,
    statuses: Mapping[int, Status],
    via: str,
) -> int:
    """Give these tickets the department, and the status that theirs becomes."""
    with atomic():
        hold(Ticket.objects.filter(pk__in=ids))
        found = Ticket.objects.filter(pk__in=ids).exclude(phase=Phase.CLOSED)
        tickets = list(found.select_related("department", "level", "status"))
        for ticket in tickets:
            data: dict[str, Any] = {}
            if ticket.department_id != department.pk:
                data |= {"department_from": ticket.department.names}
                data |= {"department_to": department.names}
            status = statuses.get(ticket.status_id)
            if status is not None:
                data |= {"status_from": ticket.status.names, "status_to": status.names}
            _write(ticket, department, status or ticket.status)
            change.record(actor, ticket, "ticket.resettled", via, **data)
    return len(tickets)


def _write(ticket: Ticket, department: Department, status: Status) -> None:
    """The columns that follow; when it was changed last stays."""
    ticket.department, ticket.status, ticket.phase = department, status, status.phase
    closed_at = ticket.closed_at or (clock.now() if status.phase == Phase.CLOSED else None)
    Ticket.objects.filter(pk=ticket.pk).update(
        department=department,
        status=status,
        phase=status.phase,
        pending_until=ticket.pending_until if status.phase == Phase.DEFERRED else None,
        closed_at=closed_at,
        desk_group=workflow.desk_group(ticket),
    )
