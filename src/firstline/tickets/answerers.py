"""Whom a selection of tickets can be given to; each ticket still has its own say (tickets.workers)."""

from dataclasses import dataclass

from django.db.models import Q

from firstline.people.access import Actor
from firstline.people.models import Staff, Team
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
    return Offer(colleagues(actor), list(Team.objects.order_by("pk")), statuses())


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
