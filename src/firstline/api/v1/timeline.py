"""The timeline of a ticket: messages and events in one order."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from firstline.api.v1.bearer import actor_of
from firstline.api.v1.files import File, file_of
from firstline.api.v1.routes import get
from firstline.api.v1.shapes import Page, Person, person_of
from firstline.base import failures
from firstline.mail.deliveries import Delivery as Sending
from firstline.mail.deliveries import deliveries_of
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets import access, history

if TYPE_CHECKING:
    from firstline.events.models import Event
    from firstline.tickets.models import Attachment, Message

router = Router(tags=["tickets"])
Direction = Literal["in", "out", "internal"]
Visibility = Literal["public", "between-lines", "internal"]


class Delivery(BaseModel):
    """What became of the mail that carried a message."""

    state: Literal["queued", "retry", "sent", "kept", "failed"] = Field(
        description="kept: as a file, because no mail server is set; it reached nobody."
    )
    recipient: str
    problem: str
    sent_at: datetime | None
    may_be_double: bool = Field(
        description="An attempt ended before the mail server answered: a second copy, with the same "
        "Message-ID, may have arrived."
    )


class Recipients(BaseModel):
    """Who got a message by mail, or whom its sender wrote to."""

    to: list[Person] = []
    cc: list[Person] = []
    bcc: list[Person] = []


class Item(BaseModel):
    """A message or an event."""

    id: str = Field(description="One word that stands for it in this timeline.")
    at: datetime
    kind: Literal["message", "event"]
    channel: str
    direction: Direction = Field(description="Events are internal.")
    visibility: Visibility
    author: Person | None = Field(description="null where the system did it.")
    written_by: Person | None = Field(
        None,
        description="The agent who really wrote or did it, in the author's name and inside their "
        "project; null otherwise.",
    )
    subject: str | None = Field(
        None, description="Of a mail that came under another subject than the ticket's."
    )
    text: str = Field(description="What was written, or the event in the reader's language.")
    quote: str = Field("", description="What a mail quoted of earlier messages, kept apart.")
    html: str | None = Field(None, description="The mail as its sender set it, made harmless.")
    files: list[File] = []
    recipients: Recipients | None = Field(
        None, description="For staff only; null where no mail tells."
    )
    delivery: Delivery | None = Field(
        None, description="For staff only; null if it was not mailed."
    )


@get(router, "/tickets/{number}/timeline", Page[Item])
def index(request: HttpRequest, number: str) -> Page[Item]:
    """All that happened on a ticket and that you may know, oldest first."""
    actor = actor_of(request)
    ticket = access.get_for(actor, number, Permission.TICKET_VIEW)
    entries = history.timeline(actor, ticket)
    messages = [entry.message.pk for entry in entries if entry.message]
    deliveries = deliveries_of(messages) if actor.may(Permission.INTERNAL_VIEW) else {}
    items: list[Item] = []
    for entry in entries:
        if entry.message:
            delivery = deliveries.get(entry.message.pk)
            items.append(message_item(actor, number, entry.message, entry.files, delivery))
        items += [_event_item(actor, line) for line in entry.lines]
    return Page[Item](items=items, next=None)


def message_item(
    actor: Actor,
    number: str,
    message: "Message",
    files: "list[Attachment]",
    sending: Sending | None = None,
) -> Item:
    """A message as an item of the timeline of the ticket with this number."""
    author = person_of(message.author, actor, staff=message.kind != "in")
    if author is None and message.author_name:
        author = Person(name=message.author_name, email=None)
    return Item(
        id=f"message-{message.pk}",
        at=message.at,
        kind="message",
        channel=message.channel,
        direction=message.direction,
        visibility=message.visibility,
        author=author,
        written_by=person_of(message.written_by, actor, staff=True),
        subject=message.subject or None,
        text=message.text,
        quote=message.quote,
        html=message.html or None,
        files=[file_of(number, attachment) for attachment in files],
        recipients=_recipients(message) if actor.may(Permission.INTERNAL_VIEW) else None,
        delivery=_delivery(sending) if sending else None,
    )


def _recipients(message: "Message") -> Recipients | None:
    kept = message.recipients
    if not kept:
        return None
    fields = {
        field: [
            Person(name=name or address, email=address) for name, address in kept.get(field, ())
        ]
        for field in ("to", "cc", "bcc")
    }
    return Recipients(**fields)


def _delivery(sending: Sending) -> Delivery:
    return Delivery(
        state=sending.state,
        recipient=sending.recipient,
        problem=failures.told(sending.problem),
        sent_at=sending.sent_at,
        may_be_double=sending.may_be_double,
    )


def _event_item(actor: Actor, line: history.Line) -> Item:
    event = line.event
    return Item(
        id=f"event-{event.pk}",
        at=event.at,
        kind="event",
        channel=event.via,
        direction="internal",
        visibility=_visibility(event.kind),
        **_doers(actor, event),
        text=line.text,
    )


def _doers(actor: Actor, event: "Event") -> dict[str, Person | None]:
    """Who did it; inside a project the customer, and the agent who really did it."""
    agent = person_of(event.actor, actor, staff=True)
    if event.on_behalf_of is None:
        return {"author": agent}
    return {"author": person_of(event.on_behalf_of, actor, staff=False), "written_by": agent}


def _visibility(kind: str) -> Visibility:
    if kind in history.BETWEEN_LINES:
        return "between-lines"
    return "public" if kind in history.FOR_CUSTOMERS else "internal"
