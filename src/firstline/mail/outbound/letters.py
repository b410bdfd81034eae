"""Letters that follow from events: written into rows, in the reader's language, sent by a worker.

They are reactions (wiring/reactions.py): they may run twice, and one event makes at most one letter
for each person.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from firstline.events.log import PAST
from firstline.events.models import Event
from firstline.mail import addresses, proof
from firstline.mail.mime.compose import new_message_id
from firstline.mail.mime.machines import is_machine
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound import words
from firstline.mail.outbound.readers import copies, is_alert, reader_at, taking_part
from firstline.mail.outbound.send import send
from firstline.people.access import SYSTEM
from firstline.people.models import Person
from firstline.tickets.change import SUBJECT, record
from firstline.tickets.models import Message, Status, Ticket
from firstline.tickets.models.message import Kind, Visibility
from firstline.tickets.models.ticket import Channel
from firstline.tickets.models.workflow import Phase, Trigger
from firstline.tickets.recipients import Recipients

AUTOMATIC_AN_HOUR = 5  # to one address: what a loop of two machines may cost (C14)
REFERENCES = 20
# Why a ticket moved, where no customer is told: what colleagues do among themselves.
UNTOLD = {"merged", "unmerged", Trigger.AGENT_ADDED.value}
RELATED = (
    "alert",
    "department",
    "opened_by__staff",
    "responsible__person__staff",
    "project__owner",
    "requester",
    "status__workflow",
)


def received(event: Event) -> None:
    """Tell the customer that their ticket is here (cap 29); never a machine, never ourselves."""
    if event.data.get(PAST):
        return
    ticket, reader = ticket_of(event), None
    if not is_alert(ticket):
        reader = ticket.requester
    if reader and _got_enough(reader):
        _note_loop(ticket, reader)
    if reader is None or event.data.get("automatic"):
        return
    if reader.wants_receipts and _may_be_told(reader):
        letter = words.received(ticket, reader, event, by_stranger=_by_stranger(ticket))
        write(event, ticket, reader, letter, kind="received", is_automatic=True)


def answered(event: Event) -> None:
    """Send an agent's public message to who takes part, with the status that came with it."""
    if event.data.get(PAST):
        return
    ticket = ticket_of(event)
    message = message_of(ticket, event)
    if message.written_by is not None:
        _tell_author(event, ticket, message)
    if message.kind not in {Kind.OUT, Kind.COMMENT} or message.visibility != Visibility.PUBLIC:
        return
    of_ticket = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    moves = of_ticket.filter(kind="ticket.moved", data__message=message.pk).order_by("id")
    readers = taking_part(ticket)
    copied = copies(message, readers)
    _remember(message, readers)
    for reader in readers:
        letter = words.answered(ticket, reader, message, moves)
        to = header(message, reader) if copied else None
        write(event, ticket, reader, letter, kind="answered", message=message, to=to)
    for reader in copied:
        letter = words.answered(ticket, reader, message, moves, is_copy=True)
        to = header(message, ticket.requester or reader)
        write(event, ticket, reader, letter, kind="copied", message=message, to=to)


def forwarded(event: Event) -> None:
    """Pass on what an agent forwarded, to each address outside; its files go with it."""
    ticket = ticket_of(event)
    message = message_of(ticket, event)
    for name, address in Recipients.of(message.recipients).to:
        if not addresses.is_ours(address):
            reader = reader_at(name, address, ticket)
            letter = words.forwarded(ticket, reader, message)
            to = {"to": message.recipients["to"]}
            write(event, ticket, reader, letter, kind="forwarded", message=message, to=to)


def header(message: Message, reader: Person) -> dict[str, Any]:
    """What a mail says of who gets it: its reader, and the open copies; never the secret ones."""
    cc = [[*one] for one in Recipients.of(message.recipients).cc]
    return {"to": [[reader.name, reader.email]], "cc": cc}


def _remember(message: Message, readers: list[Person]) -> None:
    """Let the message itself say who got it."""
    to = tuple((one.name, one.email) for one in readers)
    kept = replace(Recipients.of(message.recipients), to=to).as_kept()
    if kept != message.recipients:
        Message.objects.filter(pk=message.pk).update(recipients=kept)
        message.recipients = kept


def _tell_author(event: Event, ticket: Ticket, message: Message) -> None:
    """Send a customer what an agent wrote in their name, inside their project (product 2.5)."""
    reader = message.author
    if reader is not None and _may_be_told(reader):
        letter = words.answered(ticket, reader, message, ())
        write(event, ticket, reader, letter, kind="answered", message=message)


def moved(event: Event) -> None:
    """Tell who takes part of a new status, unless they moved the ticket or an answer tells of it."""
    if "message" in event.data or event.data.get("why") in UNTOLD:
        return
    ticket = ticket_of(event)
    if not _is_news(event, ticket):
        return
    by_stranger = ticket.first_reply_at is None and _by_stranger(ticket)
    # What moved by itself, after an answer in the reader's name, is told with that answer.
    told = event.on_behalf_of_id if event.data.get("why") else None
    for reader in taking_part(ticket):
        if reader.pk not in {event.actor_id, told} and reader.wants_status and _may_be_told(reader):
            letter = words.moved(ticket, reader, event, by_stranger=by_stranger)
            if letter is not None:
                write(event, ticket, reader, letter, kind="moved", is_automatic=True)


def _is_news(event: Event, ticket: Ticket) -> bool:
    """Whether a customer wants to know of this move: that work goes on, needs them, or has ended.

    Open is where tickets stand until then, and a ticket waits because of an answer, which they get.
    """
    phase = event.data["phase"]
    if phase != Phase.OPEN:
        return phase not in {Phase.NEW, Phase.WAITING}
    statuses = Status.objects.filter(workflow=ticket.status.workflow_id, phase=Phase.OPEN)
    usual = statuses.order_by("position").values_list("key", flat=True).first()
    return bool(event.data.get("to_key") != usual)


def ticket_of(event: Event) -> Ticket:
    """The ticket of an event, with what letters say of it."""
    return Ticket.objects.select_related(*RELATED).get(pk=event.subject_id)


def message_of(ticket: Ticket, event: Event) -> Message:
    """The message that an event is about."""
    return ticket.messages.select_related("author").get(pk=event.data["message"])


def _by_stranger(ticket: Ticket) -> bool:
    """Whether anybody might have written it in the reader's name: by mail without proof, or in a
    form (C13).
    """
    of_ticket = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk)
    if ticket.channel == Channel.MAIL:
        first = ticket.messages.order_by("pk").first()
        found = (first.reading or {}).get("proof") if first else None
        return proof.word(found) != proof.Word.PROVEN
    return of_ticket.filter(kind="ticket.sent_by_form").exists()


def _may_be_told(reader: Person) -> bool:
    """Whether a letter that no person wrote may go there."""
    if is_machine(reader.email) or not reader.is_active:
        return False
    return not addresses.is_ours(reader.email) and not _got_enough(reader)


def _got_enough(reader: Person) -> bool:
    """Whether so many automatic mails went there within an hour that it may be a loop (C14)."""
    hour = timezone.now() - timedelta(hours=1)
    lately = OutgoingMail.objects.filter(
        recipient=reader.email, created_at__gte=hour, is_automatic=True
    )
    return lately.count() >= AUTOMATIC_AN_HOUR


def _note_loop(ticket: Ticket, reader: Person) -> None:
    """Say in the ticket why nobody was told that it came; once, however often this runs."""
    noted = Event.objects.filter(subject_kind=SUBJECT, subject_id=ticket.pk, kind="ticket.looped")
    if ticket.channel == Channel.MAIL and not noted.exists():
        record(SYSTEM, ticket, "ticket.looped", "system", address=reader.email)


def write(
    event: Event,
    ticket: Ticket,
    reader: Person,
    letter: words.Words,
    *,
    kind: str,
    message: Message | None = None,
    is_automatic: bool = False,
    to: dict[str, Any] | None = None,
) -> None:
    """One row of the outbox, everything in it decided; the worker only carries it away."""
    if event.data.get(PAST):
        return
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
        "recipients": to,
        "sender": addresses.sender_of(ticket),
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
    theirs = ticket.messages.filter(is_foreign=False, kind=Kind.IN).exclude(header_id="")
    if message is not None:
        theirs = theirs.filter(pk__lte=message.pk)
    ours = OutgoingMail.objects.filter(ticket=ticket, recipient=reader.email)
    dated = [*theirs.order_by("-id").values_list("at", "header_id")[:REFERENCES]]
    dated += ours.order_by("-id").values_list("created_at", "header_id")[:REFERENCES]
    ids = [header_id for _at, header_id in sorted(dated)][-REFERENCES:]
    last = theirs.order_by("-id").values_list("header_id", flat=True).first()
    return [*(one for one in ids if one != last), last] if last else ids
