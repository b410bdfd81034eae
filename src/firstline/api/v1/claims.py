"""Claims: “I will answer” (product 3.6)."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import Refusal
from firstline.api.v1.reading import Sent, Strict
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Ticket, address_of, person_of, ticket_of
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions.claim import TakenBy, claim

router = Router(tags=["verbs"])


class NewClaim(Strict):
    """Whether to take the ticket even from a colleague."""

    take_over: bool = False


@post(router, "/tickets/{number}/claims", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewClaim, Sent(...)]) -> Made:
    """Make yourself responsible.

    Somebody else has the ticket: 409 says who in `taken_by` and who asked in `asked_by`;
    `take_over` takes it from them.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    try:
        claimed = claim(actor, ticket, via="api", take_over=body.take_over)
    except TakenBy as taken:
        has, asks = (person_of(one, actor, staff=True) for one in (taken.person, actor.person))
        raise Refusal(
            409,
            "taken",
            _("%(who)s has the ticket.") % {"who": taken.person.display_name},
            taken_by=has,
            asked_by=asks,
        ) from taken
    filters.fill([claimed])
    return Made(ticket_of(claimed, actor), address_of(claimed.number))
