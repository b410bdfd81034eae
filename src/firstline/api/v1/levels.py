"""Support lines."""

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page
from firstline.tickets import catalogue

router = Router(tags=["catalogue"])


class Level(BaseModel):
    """A support line; tickets begin on the first."""

    key: str
    name: str = Field(description="In the reader's language.")
    is_first: bool


@get(router, "/levels", Page[Level])
def index(request: HttpRequest) -> Page[Level]:
    """The support lines in their order; for staff only."""
    items = [
        Level(key=level.key, name=level.label, is_first=level.is_first)
        for level in catalogue.levels_for(actor_of(request))
    ]
    return Page[Level](items=items, next=None)
