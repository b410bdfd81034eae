"""Closures: the ticket is done."""

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
from firstline.tickets.actions.move import close

router = Router(tags=["verbs"])


class NewClosure(Strict):
    """There is nothing to say of it."""


@post(router, "/tickets/{number}/closures", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewClosure, Sent(...)]) -> Made:
    """Close the ticket; a customer's wish makes it resolved where the workflow asks for that step."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    closed = close(actor, ticket, via="api")
    filters.fill([closed])
    return Made(ticket_of(closed, actor), address_of(closed.number))
