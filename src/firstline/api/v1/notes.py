"""Notes for support: one text of each line, with all its versions; never for customers (cap 82-83)."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.problems import Refusal
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.api.v1.shapes import Person, address_of, person_of
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, notes
from firstline.tickets.actions.notes import NotesChanged, write_notes

if TYPE_CHECKING:
    from firstline.tickets.models import NotesVersion, Ticket

router = Router(tags=["tickets"])


class Version(BaseModel):
    """The notes as somebody left them."""

    version: int = Field(description="0: nobody has written any.")
    text: str
    author: Person | None
    at: datetime | None


class Notes(Version):
    """What the notes of your line say now."""

    versions: list[Version] = Field(description="The latest, the newest first.")


class NewNotes(Strict):
    """The whole new text, and the version that it was written on top of."""

    text: Text
    based_on: int = Field(ge=0, description="`version` as it was read; 0 where there was none.")


@get(router, "/tickets/{number}/notes", Notes)
def show(request: HttpRequest, number: str) -> Notes:
    """The notes for support of your line, with their latest versions; for staff only."""
    actor = actor_of(request)
    return _notes(actor, access.get_for(actor, number, Permission.INTERNAL_VIEW))


@post(router, "/tickets/{number}/notes", Notes)
def create(request: HttpRequest, number: str, body: Annotated[NewNotes, Sent(...)]) -> Made:
    """Write the notes for support of your line.

    Somebody wrote since `based_on`: 409 says what stands in `theirs` and what you sent in `mine`.
    The same text again makes no version.
    """
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.NOTES_EDIT)
    try:
        write_notes(actor, ticket, body.text, based_on=body.based_on, via="api")
    except NotesChanged as conflict:
        detail = _("Somebody changed the notes meanwhile. Nothing was saved.")
        theirs = _version(actor, conflict.theirs).model_dump(mode="json")
        raise Refusal(409, "notes-changed", detail, theirs=theirs, mine=conflict.mine) from conflict
    return Made(_notes(actor, ticket), f"{address_of(ticket.number)}/notes")


def _notes(actor: Actor, ticket: "Ticket") -> Notes:
    rows = notes.versions(actor, ticket).rows
    latest = [_version(actor, row) for row in rows]
    now = latest[0] if latest else Version(version=0, text="", author=None, at=None)
    return Notes(**dict(now), versions=latest)


def _version(actor: Actor, row: "NotesVersion") -> Version:
    author = person_of(row.author, actor, staff=True)
    return Version(version=row.number, text=row.text, author=author, at=row.at)
