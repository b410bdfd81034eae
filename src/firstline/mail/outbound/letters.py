"""Letters that follow from events: written into rows, in the reader's language, sent by a worker.

They are reactions (wiring/reactions.py): they may run twice, and one event makes at most one letter
for each person.
"""

import re
from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firstline.base.html import link
from firstline.base.languages import known
from firstline.events.models import Event
from firstline.mail import addresses
from firstline.mail.mime.compose import new_message_id
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound.send import send
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility

AUTOMATIC_AN_HOUR = 5  # to one address: what a loop of two machines may cost (C14)
REFERENCES = 20
# Addresses that say themselves that nobody reads there.
NOBODY = re.compile(r"(mailer-daemon|postmaster|(no|do[-_.]?not)[-_.]?reply)\b", re.IGNORECASE)


def received(event: Event) -> None:
    """Tell the customer that their ticket is here (cap 29); never a machine, never ourselves."""
    if event.data.get("automatic"):
        return
    ticket = _ticket(event)
    message = ticket.messages.get(pk=event.data["message"])
    if ticket.requester and _may_be_told(ticket.requester.email):
        _write(event, ticket, message, ticket.requester, kind="received", is_automatic=True)


def answered(event: Event) -> None:
    """Send an agent's public message to the customer."""
    ticket = _ticket(event)
    message = ticket.messages.select_related("author").get(pk=event.data["message"])
    if message.kind not in {Kind.OUT, Kind.COMMENT} or message.visibility != Visibility.PUBLIC:
        return
    if ticket.requester and not addresses.is_ours(ticket.requester.email):
        _write(event, ticket, message, ticket.requester, kind="answered")


def _ticket(event: Event) -> Ticket:
    return Ticket.objects.select_related("department", "requester", "status").get(
        pk=event.subject_id
    )


def _may_be_told(email: str) -> bool:
    if NOBODY.match(email):
        return False
    hour = timezone.now() - timedelta(hours=1)
    lately = OutgoingMail.objects.filter(recipient=email, created_at__gte=hour, is_automatic=True)
    return not addresses.is_ours(email) and lately.count() < AUTOMATIC_AN_HOUR


def _write(
    event: Event,
    ticket: Ticket,
    message: Message,
    reader: Person,
    *,
    kind: str,
    is_automatic: bool = False,
) -> None:
    """One row of the outbox, everything in it decided; the worker only carries it away."""
    earlier = _earlier_ids(ticket, message)
    row, is_new = OutgoingMail.objects.get_or_create(
        event=event,
        recipient=reader.email,
        defaults={
            **_words(ticket, message, reader, kind),
            "ticket": ticket,
            "message": message if kind == "answered" else None,
            "kind": kind,
            "recipient_name": reader.name,
            "sender": ticket.department.address,
            "reply_to": addresses.reply_address(ticket),
            "header_id": new_message_id(settings.MAIL_DOMAIN),
            "in_reply_to": earlier[-1] if earlier else "",
            "references": earlier,
            "is_automatic": is_automatic,
        },
    )
    if is_new:
        send.later(row.pk)


def _words(ticket: Ticket, message: Message, reader: Person, kind: str) -> dict[str, str]:
    """Subject, text, HTML and the sender's name, in the reader's language."""
    with translation.override(known(reader.language)):
        subject = _("[%(number)s] Received: %(subject)s")
        sender_name = settings.DESK_NAME
        if kind == "answered":
            subject = _("[%(number)s] Re: %(subject)s")
            sender_name = f"{message.author_name} ({settings.DESK_NAME})"
        context = {
            "ticket": ticket,
            "message": message,
            "body": link(message.text),
            "reader": reader,
            "desk": settings.DESK_NAME,
            "signature": ticket.department.signature,
            "url": f"{settings.PUBLIC_URL}/portal/tickets/{ticket.number}/",
        }
        return {
            "subject": subject % {"number": ticket.number, "subject": ticket.subject},
            "sender_name": sender_name,
            "text": render_to_string(f"mail/{kind}.txt", context),
            "html": render_to_string(f"mail/{kind}.html", context),
        }


def _earlier_ids(ticket: Ticket, message: Message) -> list[str]:
    """Message-IDs of the conversation so far, the customer's and ours, oldest first (RFC 5322, 3.6.4)."""
    theirs = ticket.messages.filter(pk__lte=message.pk, is_foreign=False).exclude(header_id="")
    ours = OutgoingMail.objects.filter(ticket=ticket)
    dated = [*theirs.order_by("-id").values_list("at", "header_id")[:REFERENCES]]
    dated += ours.order_by("-id").values_list("created_at", "header_id")[:REFERENCES]
    ids = [header_id for _at, header_id in sorted(dated)][-REFERENCES:]
    last = theirs.order_by("-id").values_list("header_id", flat=True).first()
    return [*(one for one in ids if one != last), last] if last else ids
