"""Narrowing the tickets that one may see, and fetching all that describes them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, prefetch_related_objects

from firstline.people.access import Actor
from firstline.people.models import Person, Staff
from firstline.tickets.models import Department, Status, Ticket
from firstline.tickets.models.workflow import UNRESOLVED
from firstline.tickets.pages import Listing
from firstline.tickets.queue import in_phases, listing

# What describes a ticket beside pages.RELATED.
RELATED = ("level", "type", "team", "partner", "contract", "object", "equipment", "rating")


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


def listed(actor: Actor, filters: Filters) -> Listing:
    """The tickets that the actor sees and that fit, in no order yet."""
    fits, phases = Q(), [filters.phase] if filters.phase is not None else None
    if phases is not None:
        fits &= in_phases(*phases)
    if filters.status is not None:
        found = dict(Status.objects.filter(key=filters.status).values_list("pk", "phase"))
        phases = [phase for phase in found.values() if phases is None or phase in phases]
        fits &= in_phases(*found.values()) & Q(status__in=list(found))
    if filters.department is not None:
        fits &= Q(department=filters.department)
    if filters.requester is not None:
        fits &= Q(requester=filters.requester)
    if filters.responsible is not None:
        fits &= Q(responsible=filters.responsible.pk)
    if filters.unclaimed:
        fits &= Q(responsible=None)
    leads = bool(filters.requester or filters.responsible or filters.unclaimed)
    return listing(actor, _state(filters.state, phases), fits, leads=leads)


def _state(state: str, phases: Sequence[str] | None) -> str:
    """The narrower of what was asked for and of what these phases can be at all."""
    kinds = {"open" if phase in UNRESOLVED else "closed" for phase in phases or ()}
    return kinds.pop() if state == "all" and len(kinds) == 1 else state


def fill(tickets: Sequence[Ticket]) -> None:
    """Fetch agents and tags of these tickets, in two queries whatever their number."""
    agents = Prefetch("agents", Staff.objects.select_related("person").order_by("pk"))
    prefetch_related_objects(tickets, agents, "tags")
