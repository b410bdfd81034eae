"""Assign a ticket: to somebody, to a team, or to nobody (product 3.1)."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.models import Staff, Team
from firstline.people.roles import Permission
from firstline.tickets import answerers, change
from firstline.tickets.actions.claim import Closed
from firstline.tickets.models import Ticket
from firstline.tickets.models.workflow import Phase, Trigger
from firstline.tickets.workers import workers_for


def assign(actor: Actor, ticket: Ticket, to: Staff | Team | None, *, via: str) -> Ticket:
    """Make somebody, a team or nobody responsible; a team takes it from whoever had it.

    Raises NotFound, Forbidden, Closed, ValidationError.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_ASSIGN)
        if ticket.phase == Phase.CLOSED:
            raise Closed
        before = (ticket.responsible_id, ticket.team_id)
        data: dict[str, Any] = {"to": None, "name": ""}
        if ticket.responsible:
            data["from"] = ticket.responsible.person.display_name
        if isinstance(to, Staff):
            if not workers_for(actor, ticket).filter(pk=to.pk).exists():
                raise ValidationError(
                    {"to": _("%(name)s can't answer this ticket.") % {"name": to.person}}
                )
            ticket.responsible = to
            data |= {"to": to.pk, "name": to.person.display_name}
        elif to is not None:
            if not answerers.may_name(actor, to):
                raise ValidationError({"to": _("There is no such team.")})
            ticket.responsible, ticket.team = None, to
            data |= {"team": to.pk, "names": to.names}
        else:
            ticket.responsible = ticket.team = None
        if (ticket.responsible_id, ticket.team_id) == before:
            return ticket
        if isinstance(to, Staff):
            ticket.agents.add(to)
        change.record(actor, ticket, "ticket.assigned", via, **data)
        if isinstance(to, Staff):
            change.pull(actor, ticket, Trigger.AGENT_ADDED, via)
        change.save(ticket)
    return ticket


def hand_on(
    actor: Actor, ticket: Ticket, leaver: int, to: Staff | Team | None, *, via: str
) -> Ticket:
    """Give a ticket on that somebody leaves who works here no more, if it is still theirs.

    Where `to` can't answer it, it goes to its team or to nobody, so that somebody takes it. The
    administrator acts as one of no line: it may lie with a partner's. Raises NotFound, Forbidden, Closed.
    """
    actor.demand(Permission.STAFF_EDIT)
    office = replace(actor, is_staff=False)
    with atomic():
        ticket = change.begin(office, ticket, Permission.TICKET_ASSIGN)
        if ticket.responsible_id != leaver:
            return ticket
        fits = isinstance(to, Staff) and workers_for(office, ticket).filter(pk=to.pk).exists()
        return assign(office, ticket, to if fits else ticket.team, via=via)
