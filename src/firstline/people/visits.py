"""Visits: an agent inside a customer's project, with that customer's rights (product 2.5, cap 81).

What may be reached inside, for how long, and who is to be entered at all. Nobody is signed in as the
customer: the session stays the agent's (docs/decisions/009-entering-a-project.md).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Q

from firstline.base.ids import read_id
from firstline.people import projects
from firstline.people.access import Actor, permissions_of
from firstline.people.customers import Page
from firstline.people.models import Company, Partner, Person, Project, Visit
from firstline.people.roles import Permission

IDLE = timedelta(minutes=60)
LONGEST = timedelta(hours=8)
# What is the customer's alone, whoever looks through their eyes: their settings, and their word.
OUT_OF_REACH = frozenset({Permission.OWN_EDIT, Permission.TICKET_RATE})
RELATED = (
    "agent__staff",
    "person__staff",
    "person__customer__company__partner",
    "project__owner",
    "project__partner",
    "project__company__partner",
)


class Why(StrEnum):
    """Why a visit is over."""

    LEFT = "left"
    SIGNED_OUT = "signed_out"
    IDLE = "idle"
    TOO_LONG = "too_long"
    DEACTIVATED = "deactivated"
    RIGHTS = "rights"


def actor_in(visit: Visit) -> Actor:
    """Who acts inside: the customer, with what they may and no more, and the agent behind them."""
    permissions = permissions_of(visit.person) - OUT_OF_REACH
    return Actor(person=visit.person, permissions=permissions, behind=visit.agent)


def with_id(pk: int, agent: Person) -> Visit | None:
    """The agent's visit with this id, whether it still goes on or not."""
    return Visit.objects.select_related(*RELATED).filter(pk=pk, agent=agent.pk).first()


def over(visit: Visit, agent: Actor, now: datetime) -> Why | None:
    """Why the visit is over by now; None as long as it goes on. All that let them in must still hold."""
    if visit.ended_at is not None:
        return Why.LEFT
    if not (visit.agent.is_active and visit.person.is_active):
        return Why.DEACTIVATED
    if now >= visit.started_at + LONGEST:
        return Why.TOO_LONG
    if now >= visit.seen_at + IDLE:
        return Why.IDLE
    may = agent.may(Permission.PROJECT_ENTER) and visit.person.level is None
    if not may or visit.project_id not in visit.person.project_ids:
        return Why.RIGHTS
    if is_held(visit.project, visit.person) and not agent.may(Permission.PARTNERS_READ):
        return Why.RIGHTS
    return None


def people_of(project: Project) -> list[Person]:
    """Whose eyes there are: the owner first, then the members by name. Never one of the staff."""
    part = Q(projects=project) | Q(pk=project.owner_id)
    found = Person.objects.filter(part, is_active=True, staff=None).distinct()
    found = found.select_related("customer__company__partner")
    return sorted(found, key=lambda one: (one.pk != project.owner_id, one.display_name, one.pk))


def is_held(project: Project, person: Person) -> bool:
    """Whether a partner's own first line serves the project or the person (product 2.3)."""
    return any(one.own_first_line for one in _partners(project.partner, project.company, person))


def takes_part_with_partner(person: Person) -> bool:
    """Whether any project of the person is served by a partner's own first line."""
    theirs = Q(partner__own_first_line=True) | Q(company__partner__own_first_line=True)
    return Project.objects.filter(theirs, pk__in=person.project_ids).exists()


def of_project(actor: Actor, project: Project, after: str = "", size: int = 25) -> Page[Visit]:
    """A page of the visits to a project, the newest first. Raises Forbidden, NotFound."""
    actor.demand(Permission.PROJECT_ENTER)
    project = projects.get_for(actor, project.identifier)
    rows = Visit.objects.filter(project=project).select_related("agent", "person")
    if (last := read_id(after)) is not None:
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-pk")[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def _partners(
    partner: Partner | None, company: Company | None, person: Person
) -> Iterable[Partner]:
    own = person.company
    for one in (partner, company.partner if company else None, own.partner if own else None):
        if one is not None:
            yield one
