"""Ticket types."""

from typing import Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page
from firstline.tickets import catalogue

router = Router(tags=["catalogue"])


class TicketType(BaseModel):
    """What a ticket can be about."""

    id: int
    name: str = Field(description="In the reader's language.")
    audience: Literal["public", "internal"]
    department: str | None = Field(description="The department that alone has it, if any.")


@get(router, "/types", Page[TicketType])
def index(request: HttpRequest) -> Page[TicketType]:
    """The ticket types that you may choose; internal ones for staff only."""
    items = [
        TicketType(
            id=one.pk,
            name=one.label,
            audience=one.audience,
            department=one.department.label if one.department else None,
        )
        for one in catalogue.types_for(actor_of(request))
    ]
    return Page[TicketType](items=items, next=None)
