"""Moves to another status (product 4)."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Moment, Sent, Strict, Text
from firstline.api.v1.routes import post
from firstline.api.v1.shapes import Ticket, address_of, ticket_of
from firstline.people.roles import Permission
from firstline.tickets import access, filters
from firstline.tickets.actions.move import move

router = Router(tags=["verbs"])


class NewMove(Strict):
    """Where to, and until when for statuses that defer the ticket."""

    status: Text = Field(description="Key of a status of the ticket's workflow.")
    until: Moment | None = None


@post(router, "/tickets/{number}/moves", Ticket)
def create(request: HttpRequest, number: str, body: Annotated[NewMove, Sent(...)]) -> Made:
    """Move the ticket to another status.

    A move that the workflow does not know is refused with 409, which says `from`, `to` and what is
    `allowed`. A ticket is not moved to a resolved status: POST its answer to `resolutions`, which
    resolves it; such a move is refused with 409 `answer-needed`.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    moved = move(actor, ticket, body.status, via="api", until=body.until)
    filters.fill([moved])
    return Made(ticket_of(moved, actor), address_of(moved.number))
