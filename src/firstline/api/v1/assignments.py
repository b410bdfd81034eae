"""Assignments and tags: the small verbs on a ticket."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Ticket, address_of, ticket_of
from firstline.people.roles import Permission
from firstline.tickets import access, filters, workers
from firstline.tickets.actions.assign import assign
from firstline.tickets.actions.tag import tag

router = Router(tags=["verbs"])


class NewAssignment(Strict):
    """Who has the ticket; with neither of both, nobody."""

    responsible: Text | None = Field(None, description="Mail address of a member of staff.")
    team: Text | None = Field(None, description="Name of a team, or its id.")


class NewTags(Strict):
    """Which tags come and go."""

    add: list[Text] = []
    remove: list[Text] = []


@post(router, "/tickets/{number}/assignments", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewAssignment, Sent(...)]) -> Made:
    """Make somebody, a team or nobody responsible."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_ASSIGN)
    choice = workers.choice_for(actor, ticket)
    responsible, team = choice.member(body.responsible), choice.team(body.team)
    if body.responsible is not None and responsible is None:
        raise invalid("responsible", _("Choose who is to answer."))
    if body.team is not None and team is None:
        raise invalid("team", _("There is no such team."))
    if responsible and team:
        raise invalid("team", _("Name a person or a team, not both."))
    assigned = assign(actor, ticket, responsible or team, via="api")
    filters.fill([assigned])
    return Made(ticket_of(assigned, actor), address_of(number))


@post(router, "/tickets/{number}/tags", Ticket)
def retag(request: HttpRequest, number: str, body: Annotated[NewTags, Sent(...)]) -> Made:
    """Add tags and take others away."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_TAG)
    tagged = tag(actor, ticket, body.add, body.remove, via="api")
    filters.fill([tagged])
    return Made(ticket_of(tagged, actor), address_of(number))
