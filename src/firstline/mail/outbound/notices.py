"""Notices to staff: a ticket is theirs now, or no longer, or a customer wrote in it (cap 63-64, 89).
Never to customers.

They are reactions (wiring/reactions.py): one event makes at most one notice for each person. What is
internal stays in the line that said it: of all hidden words a notice holds the reason alone.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from firstline.base.languages import known
from firstline.events.models import Event
from firstline.mail import addresses, agents
from firstline.mail.inbound.commands import MARK
from firstline.mail.mime.compose import new_message_id
from firstline.mail.models import OutgoingMail
from firstline.mail.outbound.send import send
from firstline.people import portals
from firstline.people.access import actor_of
from firstline.people.models import Person
from firstline.tickets import escalated as told
from firstline.tickets.access import partner_of, visible_to
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind, Visibility

SILENT = {"automatic", "repeated", "no-right"}  # why a mail was not done, and nobody is told
FORGEABLE = ["not-theirs", "unproven"]


def escalated(event: Event) -> None:
    """Tell the new agent, or the members of the new team; a level alone has nobody to write to."""
    data = event.data
    if "to" in data:
        _tell(event, Person.objects.filter(pk=data["to"]), "yours")
    elif "team" in data:
        _tell(event, Person.objects.filter(staff__teams=data["team"]), "teams")


def assigned(event: Event) -> None:
    """Tell the agent whom a colleague made responsible."""
    if event.data.get("to"):
        _tell(event, Person.objects.filter(pk=event.data["to"]), "yours")


def added(event: Event) -> None:
    """Tell the agents whom a colleague added to the ticket."""
    _tell(event, Person.objects.filter(pk__in=event.data["agents"]), "added")


def taken_over(event: Event) -> None:
    """Tell the agent from whom a colleague took the ticket."""
    if event.data.get("from_id"):
        _tell(event, Person.objects.filter(pk=event.data["from_id"]), "taken")


def customer_wrote(event: Event) -> None:
    """Tell the agent who answers the ticket what the customer wrote, unless they want no such mail."""
    message = Message.objects.filter(pk=event.data["message"], kind=Kind.IN).first()
    if message is not None and message.visibility == Visibility.PUBLIC:
        agent = Ticket.objects.filter(pk=event.subject_id).values("responsible")
        _tell(event, Person.objects.filter(pk__in=agent), "wrote", message)


def mail_refused(event: Event) -> None:
    """Tell an agent, once, why their mail was not done; nobody who may not answer here (C4, C5)."""
    data = event.data
    if data["why"] in SILENT or (data["why"] in FORGEABLE and _was_told(event)):
        return
    _tell(event, Person.objects.filter(pk=data["agent"]), "refused")


def _was_told(event: Event) -> bool:
    """Whether the same was said of this ticket within a day: a forger could go on for ever."""
    before = Event.objects.filter(
        kind=event.kind,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        at__gte=event.at - timedelta(days=1),
        pk__lt=event.pk,
        data__agent=event.data["agent"],
    )
    return before.filter(data__why__in=FORGEABLE).exists()


def _tell(
    event: Event, readers: Iterable[Person], what: str, message: Message | None = None
) -> None:
    ticket = Ticket.objects.select_related("department").get(pk=event.subject_id)
    for reader in readers:
        if _may_be_told(event, ticket, reader) and _wants(reader, what):
            _write(event, ticket, reader, what, message)


def _wants(reader: Person, what: str) -> bool:
    """Whether they chose to hear of this; what became of their own mail is always told."""
    chosen = {"refused": True, "wrote": reader.staff.wants_words}
    return bool(chosen.get(what, reader.staff.wants_given))


def _may_be_told(event: Event, ticket: Ticket, reader: Person) -> bool:
    """Staff who still see the ticket, and did not do it themselves."""
    if reader.level is None or not reader.is_active or reader.pk == event.actor_id:
        return False
    if event.kind == "ticket.mail_refused" and not agents.may_answer(actor_of(reader), ticket):
        return False
    sees = visible_to(actor_of(reader)).filter(pk=ticket.pk).exists()
    return sees and not addresses.is_ours(reader.email)


def _write(
    event: Event, ticket: Ticket, reader: Person, what: str, message: Message | None
) -> None:
    """One row of the outbox, everything in it decided, in the reader's language."""
    portal, own = portals.of(reader), agents.address_for(reader, ticket)
    desk = portals.name_of(portal)
    with translation.override(known(reader.language)):
        context = _context(event, ticket, reader, message) | {
            "url": portals.address_of(portal) + reverse("agent:ticket", args=[ticket.number]),
            "what": what,
            "desk": desk,
            "mark": MARK if own else "",
        }
        values = {
            "subject": _subjects()[what] % {"number": ticket.number, "subject": ticket.subject},
            "text": render_to_string("mail/notice.txt", context).strip() + "\n",
            "html": render_to_string("mail/notice.html", context),
        }
    # No answer to it goes to the customer as it is: it comes from the desk, and the address is the
    # reader's alone (inbound/by_agent.py).
    row, is_new = OutgoingMail.objects.get_or_create(
        event=event,
        recipient=reader.email,
        defaults=values
        | {
            "kind": "notice",
            "recipient_name": reader.name,
            "sender": settings.DEFAULT_FROM_EMAIL,
            "sender_name": desk,
            "reply_to": own or settings.DEFAULT_FROM_EMAIL,
            "header_id": new_message_id(settings.MAIL_DOMAIN),
            "is_automatic": True,
        },
    )
    if is_new:
        send.later(row.pk)


def _context(
    event: Event, ticket: Ticket, reader: Person, message: Message | None
) -> dict[str, Any]:
    return {
        "ticket": ticket,
        "who": event.actor.display_name if event.actor else "",
        "changes": told.changes(event),
        "reason": _reason(event, reader),
        "data": event.data,
        "said": message.text if message else "",
        "files": message.attachments.count() if message else 0,
    }


def _subjects() -> dict[str, str]:
    return {
        "yours": _("[%(number)s] You answer now: %(subject)s"),
        "added": _("[%(number)s] You were added: %(subject)s"),
        "teams": _("[%(number)s] For your team: %(subject)s"),
        "refused": _("[%(number)s] Your mail was not used: %(subject)s"),
        "wrote": _("[%(number)s] The customer wrote: %(subject)s"),
        "taken": _("[%(number)s] Taken over: %(subject)s"),
    }


def _reason(event: Event, reader: Person) -> str:
    """Why, for those of the line that said it."""
    if event.data.get("line") != (partner_of(actor_of(reader)) or 0):
        return ""
    return str(event.data.get("reason", ""))
