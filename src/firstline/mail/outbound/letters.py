"""Letters that follow from events: written into rows, in the reader's language, sent by a worker.

They are reactions (wiring/reactions.py): they may run twice, and one event makes at most one letter
for each person.
"""

import re
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Q
from django.utils import timezone

from firstline.events.models import Event
from firstline.mail import addresses
from firstline.mail.mime.compose import new_message_id
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import words
from firstline.mail.outbound.send import send
from firstline.people.models import Person
from firstline.tickets.access import belongs
from firstline.tickets.change import SUBJECT
from firstline.tickets.family import family
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility
from firstline.tickets.models.ticket import Channel

AUTOMATIC_AN_HOUR = 5  # to one address: what a loop of two machines may cost (C14)
REFERENCES = 20
WRITERS = 20  # of one ticket, beside its contact
RELATED = (
    "alert",
    "department",
    "opened_by__staff",
    "responsible__person__staff",
    "project__owner",
    "requester",
    "status__workflow",
)
# Addresses that say themselves that nobody reads there.
NOBODY = re.compile(r"(mailer-daemon|postmaster|(no|do[-_.]?not)[-_.]?reply)\b", re.IGNORECASE)


def received(event: Event) -> None:
    """Tell the customer that their ticket is here (cap 29); never a machine, never ourselves."""
    if event.data.get("automatic"):
        return
    ticket, reader = ticket_of(event), None
    if not _is_alert(ticket):
        reader = ticket.requester
    if reader and reader.wants_receipts and _may_be_told(reader):
        letter = words.received(ticket, reader, event, by_stranger=_by_stranger(ticket))
        write(event, ticket, reader, letter, kind="received", is_automatic=True)


def answered(event: Event) -> None:
    """Send an agent's public message to who takes part, with the status that came with it."""
    ticket = ticket_of(event)
    message = message_of(ticket, event)
    if message.written_by is not None:
        _tell_author(event, ticket, message)
    if message.kind not in {Kind.OUT, Kind.COMMENT} or message.visibility != Visibility.PUBLIC:
        return
    of_ticket = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    moves = of_ticket.filter(kind="ticket.moved", data__message=message.pk).order_by("id")
    for reader in _taking_part(ticket):
        letter = words.answered(ticket, reader, message, moves)
        write(event, ticket, reader, letter, kind="answered", message=message)


def _tell_author(event: Event, ticket: Ticket, message: Message) -> None:
    """Send a customer what an agent wrote in their name, inside their project (product 2.5)."""
    reader = message.author
    if reader is not None and _may_be_told(reader):
        letter = words.answered(ticket, reader, message, ())
        write(event, ticket, reader, letter, kind="answered", message=message)


def moved(event: Event) -> None:
    """Tell who takes part of a new status, unless they moved the ticket or an answer tells of it."""
    if "message" in event.data or event.data.get("why") in {"merged", "unmerged"}:
        return
    ticket = ticket_of(event)
    # What moved by itself, after an answer in the reader's name, is told with that answer.
    told = event.on_behalf_of_id if event.data.get("why") else None
    for reader in _taking_part(ticket):
        if reader.pk not in {event.actor_id, told} and reader.wants_status and _may_be_told(reader):
            letter = words.moved(ticket, reader, event)
            if letter is not None:
                write(event, ticket, reader, letter, kind="moved", is_automatic=True)


def ticket_of(event: Event) -> Ticket:
    """The ticket of an event, with what letters say of it."""
    return Ticket.objects.select_related(*RELATED).get(pk=event.subject_id)


def message_of(ticket: Ticket, event: Event) -> Message:
    """The message that an event is about."""
    return ticket.messages.select_related("author").get(pk=event.data["message"])


def _is_alert(ticket: Ticket) -> bool:
    return hasattr(ticket, "alert")


def readers_of(ticket: Ticket) -> list[Person]:
    """Whom we write to: the contact; of an alert, the owner and the members of its project.

    Nobody who is deactivated, and no address of our own.
    """
    readers = [ticket.requester] if ticket.requester else []
    if _is_alert(ticket) and ticket.project:
        people = Person.objects.filter(Q(projects=ticket.project) | Q(pk=ticket.project.owner_id))
        readers = list(people.distinct().order_by("pk"))
    return [one for one in readers if one.is_active and not addresses.is_ours(one.email)]


def _taking_part(ticket: Ticket) -> list[Person]:
    """Whom answers and news go to: who is written to anyway, and who of their side wrote here."""
    readers = readers_of(ticket)
    known = {one.pk for one in readers}
    return readers + [one for one in _writers(ticket) if one.pk not in known]


def _writers(ticket: Ticket) -> list[Person]:
    """The customers who wrote here and still see the ticket, the latest first.

    Staff see it on their own pages; an out-of-office note makes nobody take part.
    """
    of_ticket = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    notes = of_ticket.filter(kind="ticket.auto_replied").values_list("data__message", flat=True)
    said = Message.objects.filter(
        ticket__in=family(ticket),
        kind=Kind.IN,
        visibility=Visibility.PUBLIC,
        is_foreign=False,
        author__is_active=True,
        author__staff=None,
    ).exclude(pk__in=list(notes))
    latest = said.order_by().values("author").annotate(last=Max("pk")).order_by("-last")
    ids = [row["author"] for row in latest[:WRITERS]]
    people = Person.objects.select_related("customer").in_bulk(ids)
    found = [people[pk] for pk in ids if pk != ticket.requester_id]
    return [one for one in found if not addresses.is_ours(one.email) and belongs(one, ticket)]


def _by_stranger(ticket: Ticket) -> bool:
    """Whether anybody might have written it in the reader's name: by mail, or in a form (C13)."""
    of_ticket = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    return ticket.channel == Channel.MAIL or of_ticket.filter(kind="ticket.sent_by_form").exists()


def _may_be_told(reader: Person) -> bool:
    """Whether a letter that no person wrote may go there."""
    if NOBODY.match(reader.email) or not reader.is_active:
        return False
    hour = timezone.now() - timedelta(hours=1)
    lately = OutgoingMail.objects.filter(
        recipient=reader.email, created_at__gte=hour, is_automatic=True
    )
    return not addresses.is_ours(reader.email) and lately.count() < AUTOMATIC_AN_HOUR


def write(
    event: Event,
    ticket: Ticket,
    reader: Person,
    letter: words.Words,
    *,
    kind: str,
    message: Message | None = None,
    is_automatic: bool = False,
) -> None:
    """One row of the outbox, everything in it decided; the worker only carries it away."""
    earlier = _earlier_ids(ticket, reader, message)
    values: dict[str, Any] = {
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
        "sender_name": letter.sender_name,
        "ticket": ticket,
        "message": message,
        "kind": kind,
        "recipient_name": reader.name,
        "sender": ticket.department.address,
        "reply_to": addresses.reply_address(ticket),
        "header_id": new_message_id(settings.MAIL_DOMAIN),
        "in_reply_to": earlier[-1] if earlier else "",
        "references": earlier,
        "is_automatic": is_automatic,
    }
    row, is_new = OutgoingMail.objects.get_or_create(
        event=event, recipient=reader.email, defaults=values
    )
    if is_new:
        send.later(row.pk)


def _earlier_ids(ticket: Ticket, reader: Person, message: Message | None) -> list[str]:
    """Message-IDs of the conversation so far, the customer's and ours, oldest first (RFC 5322, 3.6.4)."""
    theirs = ticket.messages.filter(is_foreign=False).exclude(header_id="")
    if message is not None:
        theirs = theirs.filter(pk__lte=message.pk)
    ours = OutgoingMail.objects.filter(ticket=ticket, recipient=reader.email)
    dated = [*theirs.order_by("-id").values_list("at", "header_id")[:REFERENCES]]
    dated += ours.order_by("-id").values_list("created_at", "header_id")[:REFERENCES]
    ids = [header_id for _at, header_id in sorted(dated)][-REFERENCES:]
    last = theirs.order_by("-id").values_list("header_id", flat=True).first()
    return [*(one for one in ids if one != last), last] if last else ids
