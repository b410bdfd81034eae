"""Merges: a ticket goes on in another one; separations take that back (product 3.10)."""

from typing import Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import Refusal, invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Ticket, address_of, ticket_of
from firstline.people.access import NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions.merge import ConsentNeeded, merge, unmerge

router = Router(tags=["verbs"])


class NewMerge(Strict):
    """Where the ticket goes on."""

    into: Text = Field(description="Number of the ticket that it goes on in.")
    agreed: bool = Field(
        False, description="Whether others of the same company may read this ticket from now on."
    )


class NewSeparation(Strict):
    """Nothing has to be said."""


@post(router, "/tickets/{number}/merges", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewMerge, Sent(...)]) -> Made:
    """Close the ticket and show its messages in another one, which is answered.

    Where more people of the same company would read it, 409 asks for `agreed`; tickets of other
    companies are never merged.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_MERGE)
    try:
        other = access.get_for(actor, body.into, Permission.TICKET_VIEW)
    except NotFound as problem:
        raise invalid("into", _("There is no such ticket.")) from problem
    try:
        end = merge(actor, ticket, other, via="api", agreed=body.agreed)
    except ConsentNeeded as problem:
        text = _("More people would read this ticket. Agree to that, or link the tickets.")
        raise Refusal(409, "consent-needed", text, field="agreed") from problem
    filters.fill([end])
    return Made(ticket_of(end, actor), address_of(end.number))


@post(router, "/tickets/{number}/separations", Ticket)
def separate(request: HttpRequest, number: str, body: Annotated[NewSeparation, Sent(...)]) -> Made:
    """Take a merge back: the ticket has its own conversation and status again."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_MERGE)
    parted = unmerge(actor, ticket, via="api")
    filters.fill([parted])
    return Made(ticket_of(parted, actor), address_of(number))
