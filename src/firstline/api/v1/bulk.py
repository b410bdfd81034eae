"""One act on many tickets, done one by one by a worker (product 3.12)."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.once import Made
from firstline.api.v1.reading import Sent, Strict, Text
from firstline.api.v1.routes import get, post
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, bulks
from firstline.tickets.actions import bulk
from firstline.tickets.actions.incident import resolve_parts

router = Router(tags=["bulk"])
Verb = Literal["assign", "claim", "link", "move", "resolve", "tag"]


class Refused(BaseModel):
    """A ticket that was left as it is."""

    ticket: str | None = Field(description="Its number; null if you may not see it any more.")
    why: str


class Progress(BaseModel):
    """How far it is."""

    id: int
    verb: Verb
    total: int
    done: int
    is_over: bool
    refused: list[Refused]


class NewBulk(Strict):
    """What to do with which tickets; each verb reads the fields it needs."""

    verb: Verb
    numbers: list[Text] = Field(description=f"At most {bulk.MOST}.")
    to: Text = Field("", description="assign: staff-ID, team-ID or nobody.")
    status: Text = Field("", description="move: key of a status.")
    add: list[Text] = Field([], description="tag: tags to add.")
    remove: list[Text] = Field([], description="tag: tags to remove.")
    text: Text = Field("", description="resolve: the answer to each customer.")
    incident: Text = Field("", description="link: number of the incident they are part of.")


class NewPartResolution(Strict):
    """The answer by language; each that a customer among the parts reads is needed."""

    text_ru: Text = ""
    text_bg: Text = ""
    text_en: Text = ""


@post(router, "/bulk", Progress)
def create(request: HttpRequest, body: Annotated[NewBulk, Sent(...)]) -> Made:
    """Begin it; the address that is answered tells how far it is."""
    actor = actor_of(request)
    params: dict[str, Any] = body.model_dump(exclude={"verb", "numbers"})
    made = bulk.start(actor, body.verb, params, body.numbers, via="api")
    return Made(_progress(actor, made.pk), f"/api/v1/bulk/{made.pk}")


@get(router, "/bulk/{int:bulk_id}", Progress)
def show(request: HttpRequest, bulk_id: int) -> Progress:
    """How far one of yours is, and what was refused."""
    actor = actor_of(request)
    actor.demand(Permission.BULK_OPEN)
    return _progress(actor, bulk_id)


@post(router, "/tickets/{number}/part-resolutions", Progress)
def resolve(
    request: HttpRequest, number: str, body: Annotated[NewPartResolution, Sent(...)]
) -> Made:
    """Answer and resolve all open parts of an incident, each customer in their language."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_RESOLVE)
    texts = {name.removeprefix("text_"): text for name, text in body.model_dump().items()}
    made = resolve_parts(actor, ticket, texts, via="api")
    return Made(_progress(actor, made.pk), f"/api/v1/bulk/{made.pk}")


def _progress(actor: Actor, pk: int) -> Progress:
    found = bulks.progress(actor, pk)
    refused = [
        Refused(ticket=one.ticket.number if one.ticket else None, why=one.why)
        for one in found.refused
    ]
    verb: Any = found.verb
    return Progress(
        id=found.pk,
        verb=verb,
        total=found.total,
        done=found.done,
        is_over=found.is_over,
        refused=refused,
    )
