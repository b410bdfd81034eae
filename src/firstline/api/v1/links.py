"""Links between tickets that belong together (product 3.10)."""

from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Page, address_of
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, links
from firstline.tickets.actions.link import link, unlink

router = Router(tags=["verbs"])
Kind = Literal["related", "duplicate", "part"]


class Link(BaseModel):
    """A link, seen from the ticket it was asked of."""

    id: int
    kind: Kind
    way: Literal["to", "from"] = Field(
        description="`to`: this ticket is the duplicate or the part; `from`: the other one is."
    )
    ticket: str | None = Field(description="Number of the other; null if you may not see it.")


class NewLink(Strict):
    """What this ticket is to another one."""

    ticket: Text = Field(description="Number of the other ticket.")
    kind: Kind = "related"


class Unlink(Strict):
    """Which link is taken away."""

    link: int = Field(ge=1, le=2**62)


@get(router, "/tickets/{number}/links", Page[Link])
def index(request: HttpRequest, number: str) -> Page[Link]:
    """What the ticket is linked with, the newest first."""
    actor = actor_of(request)
    actor.demand(Permission.INTERNAL_VIEW)
    return _links(actor, number)


@post(router, "/tickets/{number}/links", Page[Link])
def create(request: HttpRequest, number: str, body: Annotated[NewLink, Sent(...)]) -> Made:
    """Link the ticket with another one; all its links are answered."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_LINK)
    try:
        other = access.get_for(actor, body.ticket, Permission.TICKET_LINK)
    except NotFound as problem:
        raise invalid("ticket", _("There is no such ticket.")) from problem
    link(actor, ticket, other, body.kind, via="api")
    return Made(_links(actor, number), f"{address_of(number)}/links")


@post(router, "/tickets/{number}/unlinks", Page[Link])
def remove(request: HttpRequest, number: str, body: Annotated[Unlink, Sent(...)]) -> Made:
    """Take a link away; those that are left are answered."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_LINK)
    unlink(actor, ticket, body.link, via="api")
    return Made(_links(actor, number), f"{address_of(number)}/links")


def _links(actor: Actor, number: str) -> Page[Link]:
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    items = [
        Link(
            id=line.pk,
            kind=line.kind,
            way=line.way,
            ticket=line.ticket.number if line.ticket else None,
        )
        for line in links.of(actor, ticket).lines
    ]
    return Page[Link](items=items, next=None)
