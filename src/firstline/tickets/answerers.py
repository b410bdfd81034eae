"""Whom a selection of tickets can be given to; each ticket still has its own say (tickets.workers)."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from firstline.people.access import Actor
from firstline.people.models import Person, Staff, Team
from firstline.tickets.access import departments_of, partner_of
from firstline.tickets.models import Status
from firstline.tickets.models.workflow import Phase
from firstline.tickets.workers import EVERYWHERE, at_work


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bar of a selection offers: colleagues, teams, and statuses of any workflow."""

    staff: list[Staff]
    teams: list[Team]
    statuses: list[Status]


def offer(actor: Actor) -> Offer:
    """What the actor can choose from for many tickets at once; three queries."""
    return Offer(colleagues(actor), list(teams(actor)), statuses())


def teams(actor: Actor) -> QuerySet[Team]:
    """The teams that the actor may name: a partner's staff those with somebody of their own line."""
    partner_id, found = partner_of(actor), Team.objects.order_by("pk")
    if partner_id is None:
        return found
    own = at_work().filter(partner=partner_id).values("pk")
    return found.filter(members__in=own).distinct()


def colleague_at(actor: Actor, email: str) -> Person | None:
    """The member of staff with this address; for a partner's staff of their own line alone."""
    found = Staff.objects.filter(person__email=email.strip().lower()).select_related("person")
    partner_id = partner_of(actor)
    if partner_id is not None:
        found = found.filter(partner=partner_id)
    staff = found.first()
    return staff.person if staff else None


def may_name(actor: Actor, to: Staff | Team | None) -> bool:
    """Whether there is such an agent or team for the actor: a partner's staff know their own line."""
    if isinstance(to, Team):
        return teams(actor).filter(pk=to.pk).exists()
    partner_id = partner_of(actor)
    return to is not None and partner_id in {None, to.partner_id}


def colleagues(actor: Actor) -> list[Staff]:
    """Those of the actor's own line who answer in the departments that the actor works in."""
    partner_id = partner_of(actor)
    found = at_work().filter(partner=partner_id)
    if partner_id is None:
        here = departments_of(actor).filter(agents__isnull=False).values("agents")
        found = found.filter(Q(pk__in=here) | Q(level__in=EVERYWHERE))
    rows = found.select_related("person")
    return sorted(rows, key=lambda one: (one.person.display_name.casefold(), one.pk))


def statuses() -> list[Status]:
    """One status for each key that a ticket can be moved to at once; deferring needs its own moment."""
    rows = Status.objects.exclude(phase__in=[Phase.DEFERRED, Phase.NEW])
    found: dict[str, Status] = {}
    for row in rows.order_by("position", "pk"):
        found.setdefault(row.key, row)
    return list(found.values())
