"""Acknowledgements: a customer says that they have read an alert."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import address_of
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.acknowledge import acknowledge

router = Router(tags=["verbs"])


class Acknowledgement(BaseModel):
    """When you opened the alert, and when you said that you have read it."""

    opened_at: datetime | None
    acknowledged_at: datetime | None


class NewAcknowledgement(Strict):
    """There is nothing to say of it."""


@post(router, "/tickets/{number}/acknowledgements", Acknowledgement)
def create(
    request: HttpRequest, number: str, body: Annotated[NewAcknowledgement, Sent(...)]
) -> Made:
    """Say that you have read the alert; said again it changes nothing."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    receipt = acknowledge(actor, ticket, via="api")
    shape = Acknowledgement(opened_at=receipt.opened_at, acknowledged_at=receipt.acknowledged_at)
    return Made(shape, address_of(number))
