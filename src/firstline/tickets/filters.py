"""Narrowing the tickets that one may see, and fetching all that describes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet, prefetch_related_objects

from firstline.people.access import Actor
from firstline.people.models import Person, Staff
from firstline.tickets.access import visible_to
from firstline.tickets.models import Department, Status, Ticket
from firstline.tickets.queue import STATES, in_phases

RELATED = ("level", "type", "team")  # what describes a ticket beside queue.LIST_RELATED


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; None leaves a column open. `status` is a key, whatever the workflow."""

    state: str = "all"
    phase: str | None = None
    status: str | None = None
    department: Department | None = None
    requester: Person | None = None
    responsible: Person | None = None
    unclaimed: bool = False


def listed(actor: Actor, filters: Filters) -> QuerySet[Ticket]:
    """The tickets that the actor sees and that fit, in no order yet."""
    tickets = visible_to(actor).filter(STATES[filters.state])
    if filters.phase is not None:
        tickets = tickets.filter(in_phases(filters.phase))
    if filters.status is not None:
        found = dict(Status.objects.filter(key=filters.status).values_list("pk", "phase"))
        tickets = tickets.filter(in_phases(*found.values()), status__in=list(found))
    if filters.department is not None:
        tickets = tickets.filter(department=filters.department)
    if filters.requester is not None:
        tickets = tickets.filter(requester=filters.requester)
    if filters.responsible is not None:
        tickets = tickets.filter(responsible=filters.responsible.pk)
    if filters.unclaimed:
        tickets = tickets.filter(responsible=None)
    return tickets


def fill(tickets: Sequence[Ticket]) -> None:
    """Fetch agents and tags of these tickets, in two queries whatever their number."""
    agents = Prefetch("agents", Staff.objects.select_related("person").order_by("pk"))
    prefetch_related_objects(tickets, agents, "tags")
