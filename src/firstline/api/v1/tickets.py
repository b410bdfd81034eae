"""Tickets: list, one, create."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.narrowing import Narrowing
from firstline.api.v1.once import Made
from firstline.api.v1.opening import FORM, NewTicket
from firstline.api.v1.problems import Refusal
from firstline.api.v1.reading import Asked, Sent, Strict, Text
from firstline.api.v1.routes import delete, get, post
from firstline.api.v1.shapes import Page, Ticket, address_of, next_address, ticket_of
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions import delete as deleting
from firstline.tickets.actions.open import open_ticket

router = Router(tags=["tickets"])


@get(router, "/tickets", Page[Ticket])
def index(request: HttpRequest, query: Annotated[Narrowing, Asked(...)]) -> Page[Ticket]:
    """Tickets that you may see.

    Staff see those of their departments, customers their own. The newest come first unless `order`
    says otherwise. `q` searches them.
    """
    actor = actor_of(request)
    actor.demand(Permission.TICKET_VIEW)
    wanted = query.filters(actor)
    if wanted is None:
        return Page[Ticket](items=[], next=None)
    page = query.page(actor, filters.listed(actor, wanted))
    filters.fill(page.tickets)
    items = [ticket_of(ticket, actor) for ticket in page.tickets]
    return Page[Ticket](items=items, next=next_address(request, page.next))


@get(router, "/tickets/{number}", Ticket)
def show(request: HttpRequest, number: str) -> Ticket:
    """One ticket."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    filters.fill([ticket])
    return ticket_of(ticket, actor)


@post(router, "/tickets", Ticket, form=FORM)
def create(request: HttpRequest, ticket: Annotated[NewTicket, Sent(...)]) -> Made:
    """Open a ticket."""
    actor = actor_of(request)
    opened = open_ticket(actor, ticket.fields(actor), ticket.draft(), via="api")
    filters.fill([opened])
    return Made(ticket_of(opened, actor), address_of(opened.number))


class Deletion(Strict):
    """What stays in the log beside the number and your name."""

    why: Text = Field("", max_length=deleting.LONGEST, description="Stays in the log: name nobody.")


@delete(router, "/tickets/{number}")
def destroy(request: HttpRequest, number: str, query: Annotated[Deletion, Asked(...)]) -> None:
    """Delete a ticket for good, with all that hangs on it.

    Messages, files, notes, drafts, links and history go; nobody can bring them back. One that is
    merged with others answers 409 with their `numbers`: separate them first.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_DELETE)
    try:
        deleting.delete(actor, ticket, via="api", why=query.why)
    except deleting.StillMerged as problem:
        raise Refusal(409, "merged", problem.text, numbers=problem.numbers) from problem
