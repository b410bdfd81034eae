"""Add agents to a ticket, and take them off it: several may be on it, any of them answers (cap 153, 154)."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.models import Staff
from firstline.people.roles import Permission
from firstline.tickets import answerers, change
from firstline.tickets.actions.claim import Closed
from firstline.tickets.models import Ticket
from firstline.tickets.models.workflow import Phase, Trigger
from firstline.tickets.workers import workers_for


def agents_of(ticket: Ticket) -> list[Staff]:
    """The agents on a ticket, in the order they were added; one query."""
    through = Ticket.agents.through.objects.filter(ticket=ticket.pk).order_by("pk")
    return [row.staff for row in through.select_related("staff__person")]


def add_agents(actor: Actor, ticket: Ticket, agents: Sequence[Staff], *, via: str) -> Ticket:
    """Add these agents; where nobody is responsible, the first of them is. The workflow follows.

    Raises NotFound, Forbidden, Closed, ValidationError.
    """
    if not agents:
        raise ValidationError({"agents": _("Choose at least one agent.")})
    with atomic():
        ticket = _begin(actor, ticket)
        able = set(workers_for(actor, ticket).values_list("pk", flat=True))
        for one in agents:
            if one.pk not in able:
                unable = _("%(name)s can't answer this ticket.") % {"name": one.person}
                raise ValidationError({"agents": unable})
        known = {one.pk for one in agents_of(ticket)}
        fresh = list({one.pk: one for one in agents if one.pk not in known}.values())
        if not fresh:
            return ticket
        for one in fresh:  # in this order, which one call for all of them would not keep
            ticket.agents.add(one)
        if ticket.responsible is None:
            ticket.responsible = fresh[0]
        change.record(actor, ticket, "ticket.agents_added", via, **_named(fresh))
        change.pull(actor, ticket, Trigger.AGENT_ADDED, via)
        change.save(ticket)
    return ticket


def remove_agents(actor: Actor, ticket: Ticket, agents: Sequence[int], *, via: str) -> Ticket:
    """Take those with these ids off the ticket; who was responsible leaves that to the next one on it.

    Who is not on it is left alone. Raises NotFound, Forbidden, Closed.
    """
    with atomic():
        ticket = _begin(actor, ticket)
        before = agents_of(ticket)
        gone = [one for one in before if one.pk in agents and answerers.may_name(actor, one)]
        if not gone:
            return ticket
        ticket.agents.remove(*gone)
        if ticket.responsible_id in {one.pk for one in gone}:
            ticket.responsible = next((one for one in before if one not in gone), None)
        change.record(actor, ticket, "ticket.agents_removed", via, **_named(gone))
        change.save(ticket)
    return ticket


def _begin(actor: Actor, ticket: Ticket) -> Ticket:
    ticket = change.begin(actor, ticket, Permission.TICKET_ASSIGN)
    if ticket.phase == Phase.CLOSED:
        raise Closed
    return ticket


def _named(agents: Sequence[Staff]) -> dict[str, Any]:
    """As the history tells it, whatever becomes of these people."""
    return {
        "agents": [one.pk for one in agents],
        "names": [one.person.display_name for one in agents],
    }
