"""Hand-overs: from a partner's line to the platform's (product 11.2)."""

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Opened, Ticket
from firstline.api.v1.visible import made
from firstline.people.roles import Permission
from firstline.tickets import access
from firstline.tickets.actions.hand_over import hand_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from firstline.tickets import models

router = Router(tags=["verbs"])


class NewCustody(Strict):
    """Why the other line gets the ticket."""

    reason: Text = Field(description="Both lines read it, the customer does not.")


@post(router, "/tickets/{number}/hand-overs", Ticket | Opened)
def create(request: HttpRequest, number: str, body: Annotated[NewCustody, Sent(...)]) -> Made:
    """Hand the ticket over to the platform's line."""
    return give(request, number, body.reason, hand_over)


def give(
    request: HttpRequest, number: str, reason: str, verb: "Callable[..., models.Ticket]"
) -> Made:
    """Give the ticket to the other line. The answer shows it as its giver may see it from then on."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    return made(actor, verb(actor, ticket, reason, via="api"))
