"""Releases: a mail that was held is shown to the customer (C1)."""

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
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions.release import release

router = Router(tags=["verbs"])


class NewRelease(Strict):
    """Which message."""

    message: Text = Field(description="Its `id` in the timeline, such as message-12.")


@post(router, "/tickets/{number}/releases", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewRelease, Sent(...)]) -> Made:
    """Show the customer a mail from somebody else that was held for you to look at."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_REPLY)
    actor.demand(Permission.INTERNAL_VIEW)
    pk = read_id(body.message.removeprefix("message-"))
    try:
        release(actor, ticket, pk or 0, via="api")
    except NotFound:
        raise invalid("message", _("There is no such message.")) from None
    seen = access.get_for(actor, number, Permission.TICKET_VIEW)
    filters.fill([seen])
    return Made(ticket_of(seen, actor), address_of(seen.number))
