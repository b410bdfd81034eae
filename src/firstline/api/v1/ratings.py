"""Ratings: what the customer says of the help they got."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Rating, address_of
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.rate import rate
from firstline.tickets.messages import Draft

router = Router(tags=["verbs"])


class NewRating(Strict):
    """Whether it helped, and a few words if there are any."""

    helped: bool
    text: Annotated[Text, Field(description="Goes to the support team as a message.")] = ""


@post(router, "/tickets/{number}/ratings", Rating)
def create(request: HttpRequest, number: str, body: Annotated[NewRating, Sent(...)]) -> Made:
    """Rate the answer, or change the rating; the ticket stays as it is."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    draft = Draft(body.text.replace("\r\n", "\n"))
    rated = rate(actor, ticket, body.helped, draft, via="api")
    return Made(Rating(helped=rated.helped, at=rated.at), address_of(number))
