"""Splits: a customer's message becomes a ticket of its own (product 3.10)."""

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
from firstline.base.ids import read_id
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions.split import split

router = Router(tags=["verbs"])


class NewSplit(Strict):
    """Which message, and the subject of the new ticket."""

    message: Text = Field(description="Its `id` in the timeline, such as message-12.")
    subject: Annotated[Text, Field(min_length=1, max_length=300)]


@post(router, "/tickets/{number}/splits", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewSplit, Sent(...)]) -> Made:
    """Open a ticket with a customer's message, its words and files; the new ticket is answered."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_SPLIT)
    pk = read_id(body.message.removeprefix("message-"))
    if pk is None:
        raise invalid("message", _("There is no such message."))
    made = split(actor, ticket, pk, body.subject, via="api")
    made = access.get_for(actor, made.number, Permission.TICKET_VIEW)
    filters.fill([made])
    return Made(ticket_of(made, actor), address_of(made.number))
