"""Claim a ticket: “I will answer” (product 3.6)."""

from typing import Any

from firstline.base.db import atomic
from firstline.people.access import Actor
from firstline.people.models import Person, Staff
from firstline.people.roles import Permission
from firstline.tickets import change
from firstline.tickets.models import Ticket
from firstline.tickets.models.workflow import Phase, Trigger


class TakenBy(Exception):
    """Somebody else was faster, or has had the ticket for long."""

    def __init__(self, person: Person) -> None:
        super().__init__(person.display_name)
        self.person = person


class Closed(Exception):
    """The ticket is closed: there is nothing left to do on it."""


def claim(actor: Actor, ticket: Ticket, *, via: str, take_over: bool = False) -> Ticket:
    """Make the actor responsible. Of two at once one wins and the other is told who.

    `take_over` takes it from a colleague, which the history shows.
    Raises NotFound, Forbidden, TakenBy, Closed.
    """
    with atomic():
        ticket = change.begin(actor, ticket, Permission.TICKET_CLAIM)
        if ticket.phase == Phase.CLOSED:
            raise Closed
        if ticket.responsible_id == actor.id:
            return ticket
        before = ticket.responsible
        if before is not None and not take_over:
            raise TakenBy(before.person)
        make_responsible(actor, ticket, via)
        change.save(ticket)
    return ticket


def make_responsible(actor: Actor, ticket: Ticket, via: str, **more: Any) -> None:
    """Put the ticket on the actor and let the workflow follow; the caller holds the lock and saves."""
    before = ticket.responsible
    ticket.responsible = Staff.objects.select_related("person").get(pk=actor.id)
    ticket.agents.add(ticket.responsible)
    data = {"from": before.person.display_name, "from_id": before.pk} if before else {}
    change.record(actor, ticket, "ticket.claimed", via, **data)
    change.pull(actor, ticket, Trigger.AGENT_ADDED, via, **more)
