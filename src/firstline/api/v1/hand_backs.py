"""Hand-backs: from the platform's line to a partner's (product 11.2)."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from firstline.api.v1.hand_overs import NewCustody, give
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Opened, Ticket
from firstline.tickets.actions.hand_over import hand_back

router = Router(tags=["verbs"])


@post(router, "/tickets/{number}/hand-backs", Ticket | Opened)
def create(request: HttpRequest, number: str, body: Annotated[NewCustody, Sent(...)]) -> Made:
    """Hand the ticket back to its partner's line."""
    return give(request, number, body.reason, hand_back)
