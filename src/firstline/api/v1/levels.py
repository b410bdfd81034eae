"""Support lines."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import invalid
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, patch, post
from firstline.api.v1.shapes import Page
from firstline.base.db import atomic
from firstline.base.languages import CODES
from firstline.people.access import Actor, NotFound
from firstline.tickets import catalogue, levels
from firstline.tickets.actions.levels import (
    create_level,
    place_level,
    rename_level,
    restore_level,
    retire_level,
)

if TYPE_CHECKING:
    from firstline.tickets import models as tickets

router = Router(tags=["catalogue"])
# What the API calls the fields that the actions complain of.
FIELDS = {"level": "is_active", "target": "tickets_to"}
FIELDS |= {f"name_{code}": f"names.{code}" for code in CODES}


class Names(Strict):
    """A name in each language of the desk."""

    ru: Text
    bg: Text
    en: Text


class Level(BaseModel):
    """A support line; tickets begin on the first."""

    key: str
    name: str = Field(description="In the reader's language.")
    names: dict[str, str] = Field(description="In each language: ru, bg, en.")
    is_first: bool
    is_active: bool = Field(description="false where it is retired.")


class NewLevel(Strict):
    """A level to add, behind all others."""

    names: Names


class LevelChange(Strict):
    """What to change; what is left out stays."""

    names: Names = Field(default_factory=lambda: Names(ru="", bg="", en=""))
    position: int = Field(
        default_factory=int, ge=1, description="Its place behind the first level, from 1."
    )
    is_active: bool = Field(default_factory=bool, description="false retires the level.")
    tickets_to: Text = Field(
        default_factory=str,
        description="Key of the level that the open tickets of a retired one go to.",
    )


@get(router, "/levels", Page[Level])
def index(request: HttpRequest) -> Page[Level]:
    """The support lines in their order; for staff only."""
    items = [_shape(level) for level in catalogue.levels_for(actor_of(request))]
    return Page[Level](items=items, next=None)


@post(router, "/levels", Level)
def create(request: HttpRequest, level: Annotated[NewLevel, Sent(...)]) -> Made:
    """Add a level, behind all others."""
    with _named():
        made = create_level(actor_of(request), level.names.model_dump(), via="api")
    return Made(_shape(made), f"/api/v1/levels/{made.key}")


@patch(router, "/levels/{key}", Level)
def change(request: HttpRequest, key: str, body: Annotated[LevelChange, Sent(...)]) -> Level:
    """Rename, place, retire or bring back a level.

    All of it is done, or nothing. A level with open tickets needs `tickets_to` to be retired.
    """
    actor = actor_of(request)
    level, sent = levels.get_for(actor, key), body.model_fields_set
    # Thousands of tickets go in transactions of their own, if nothing else is to be changed.
    alone = sent <= {"is_active", "tickets_to"}
    with _named(), nullcontext() if alone else atomic():
        if "is_active" in sent and body.is_active:
            restore_level(actor, level, via="api")
        if "names" in sent:
            rename_level(actor, level, body.names.model_dump(), via="api")
        if "position" in sent:
            place_level(actor, level, body.position, via="api")
        if "is_active" in sent and not body.is_active:
            target = _target(actor, body.tickets_to) if body.tickets_to else None
            retire_level(actor, level, target, via="api")
    return _shape(levels.get_for(actor, key))


@contextmanager
def _named() -> Iterator[None]:
    """Let complaints name the fields as the API does."""
    try:
        yield
    except ValidationError as problem:
        told = problem.message_dict.items()
        raise ValidationError({FIELDS.get(name, name): texts for name, texts in told}) from problem


def _target(actor: Actor, key: str) -> "tickets.Level":
    try:
        return levels.get_for(actor, key)
    except NotFound as problem:
        raise invalid("tickets_to", _("There is no level with this key.")) from problem


def _shape(level: "tickets.Level") -> Level:
    return Level(
        key=level.key,
        name=level.label,
        names=level.names,
        is_first=level.is_first,
        is_active=level.is_active,
    )
