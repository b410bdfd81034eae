"""Ticket types."""

from typing import TYPE_CHECKING, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page
from firstline.base.languages import pick
from firstline.tickets import catalogue

if TYPE_CHECKING:
    from firstline.tickets.models import TypeField

router = Router(tags=["catalogue"])


class Option(BaseModel):
    """One answer of a choice."""

    key: str
    name: str = Field(description="In the reader's language.")


class Question(BaseModel):
    """What a ticket type asks beside the text; the answer goes into `details` under the key."""

    key: str
    name: str = Field(description="In the reader's language.")
    kind: Literal["text", "number", "date", "choice"]
    is_required: bool
    options: list[Option] = Field(description="Of a choice; empty for other kinds.")


class TicketType(BaseModel):
    """What a ticket can be about."""

    id: int
    name: str = Field(description="In the reader's language.")
    audience: Literal["public", "internal"]
    department: str | None = Field(description="The department that alone has it, if any.")
    fields: list[Question] = Field(description="What it asks, in the order of its form.")


@get(router, "/types", Page[TicketType])
def index(request: HttpRequest) -> Page[TicketType]:
    """The ticket types that you may choose; internal ones for staff only."""
    items = [
        TicketType(
            id=one.pk,
            name=one.label,
            audience=one.audience,
            department=one.department.label if one.department else None,
            fields=[_question(field) for field in one.fields.all()],
        )
        for one in catalogue.types_for(actor_of(request))
    ]
    return Page[TicketType](items=items, next=None)


def _question(field: "TypeField") -> Question:
    return Question(
        key=field.key,
        name=field.label,
        kind=field.kind,
        is_required=field.is_required,
        options=[Option(key=one["key"], name=pick(one["names"])) for one in field.options],
    )
