"""Agents of a ticket: several may be on it, and any of them answers (product 3.9)."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page, Person, Ticket, address_of, ticket_of
from firstline.base import emails
from firstline.people.roles import Permission
from firstline.tickets import access, answerers, filters, workers
from firstline.tickets.actions.add_agents import add_agents, agents_of, remove_agents

router = Router(tags=["verbs"])


class NewAgents(Strict):
    """Who is meant."""

    agents: list[Text] = Field(
        min_length=1, max_length=50, description="Mail addresses of members of staff."
    )


@get(router, "/tickets/{number}/agents", Page[Person])
def index(request: HttpRequest, number: str) -> Page[Person]:
    """The agents on the ticket."""
    actor = actor_of(request)
    actor.demand(Permission.INTERNAL_VIEW)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    filters.fill([ticket])
    return Page[Person](items=ticket_of(ticket, actor).agents, next=None)


@post(router, "/tickets/{number}/agents", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewAgents, Sent(...)]) -> Made:
    """Add agents; each of them can answer, and a new ticket becomes open.

    Where nobody is responsible, the first of them is.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_ASSIGN)
    choice = workers.choice_for(actor, ticket)
    found = [choice.member(address) for address in body.agents]
    if None in found:
        raise invalid("agents", _("Somebody chosen can't answer this ticket now."))
    added = add_agents(actor, ticket, [one for one in found if one], via="api")
    filters.fill([added])
    return Made(ticket_of(added, actor), address_of(number))


@post(router, "/tickets/{number}/agent-removals", Ticket)
def remove(request: HttpRequest, number: str, body: Annotated[NewAgents, Sent(...)]) -> Made:
    """Take agents off the ticket; who was responsible leaves that to the next one on it."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_ASSIGN)
    mine = (one for one in agents_of(ticket) if answerers.may_name(actor, one))
    there = {emails.normal(one.person.email): one.pk for one in mine}
    ids = [there.get(emails.normal(address)) for address in body.agents]
    if None in ids:
        raise invalid("agents", _("This agent is not on the ticket."))
    left = remove_agents(actor, ticket, [pk for pk in ids if pk], via="api")
    filters.fill([left])
    return Made(ticket_of(left, actor), address_of(number))
