"""Reopenings: the ticket is taken up again."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Ticket, address_of, ticket_of
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions.move import reopen

router = Router(tags=["verbs"])


class NewReopening(Strict):
    """There is nothing to say of it."""


@post(router, "/tickets/{number}/reopenings", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewReopening, Sent(...)]) -> Made:
    """Take a resolved ticket up again."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    reopened = reopen(actor, ticket, via="api")
    filters.fill([reopened])
    return Made(ticket_of(reopened, actor), address_of(reopened.number))
