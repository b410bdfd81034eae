"""The processing history: messages and events of a ticket in one order (product 3.11)."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from firstline.base.languages import pick
from firstline.events import log
from firstline.events.models import Event
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.access import messages_for
from firstline.tickets.change import SUBJECT
from firstline.tickets.models import Attachment, Message, Ticket

# Messages speak for themselves; these events would only repeat them.
SAID_BY_MESSAGES = {"ticket.replied", "ticket.noted"}
FOR_CUSTOMERS = {"ticket.claimed", "ticket.moved", "ticket.opened", "ticket.followed_up"}


@dataclass(slots=True)
class Line:
    """One event as a sentence."""

    event: Event
    text: str

    @property
    def at(self) -> datetime:
        return self.event.at


@dataclass(slots=True)
class Entry:
    """A message with its files, or a run of events between two messages."""

    message: Message | None
    files: list[Attachment]
    lines: list[Line]

    @property
    def at(self) -> datetime:
        return self.message.at if self.message else self.lines[0].at


def timeline(actor: Actor, ticket: Ticket) -> list[Entry]:
    """All that happened and that the actor may know, oldest first; three queries."""
    messages = list(messages_for(actor, ticket))
    attachments = Attachment.objects.filter(message__in=[message.pk for message in messages])
    files: dict[int, list[Attachment]] = {}
    for attachment in attachments.select_related("file").order_by("pk"):
        files.setdefault(attachment.message_id, []).append(attachment)
    entries = [Entry(message, files.get(message.pk, []), []) for message in messages]
    lines = _lines(actor, ticket)
    return _fold(entries, lines)


def _lines(actor: Actor, ticket: Ticket) -> list[Line]:
    inside = actor.may(Permission.INTERNAL_VIEW)
    lines = []
    for event in log.of_subject(SUBJECT, ticket.pk):
        if event.kind in SAID_BY_MESSAGES or not (inside or event.kind in FOR_CUSTOMERS):
            continue
        text = describe(event, for_customer=not inside)
        if text:
            lines.append(Line(event, text))
    return lines


def _fold(entries: list[Entry], lines: list[Line]) -> list[Entry]:
    """Messages in their order, with the events between them gathered into one fold each."""
    folded: list[Entry] = []
    for entry in sorted([*entries, *(Entry(None, [], [line]) for line in lines)], key=_order):
        if entry.message is None and folded and folded[-1].message is None:
            folded[-1].lines += entry.lines
        else:
            folded.append(entry)
    return folded


def _order(entry: Entry) -> tuple[datetime, int]:
    return entry.at, 0 if entry.message else 1


def describe(event: Event, *, for_customer: bool = False) -> str:
    """The event in the reader's language: who changed what, from what, to what."""
    who = event.actor.display_name if event.actor else _("The system")
    data = event.data
    match event.kind:
        case "ticket.opened":
            if "follows" in data:
                return _("Opened as a follow-up of %(number)s") % {"number": data["follows"]}
            return _("Ticket opened")
        case "ticket.claimed" if "from" in data and not for_customer:
            return _("%(who)s took the ticket over from %(before)s") % {
                "who": who,
                "before": data["from"],
            }
        case "ticket.claimed":
            return _("%(who)s took the ticket") % {"who": who}
        case "ticket.moved":
            before, after = (data["from"], data["to"])
            if for_customer:
                before, after = data.get("customer_from", before), data.get("customer_to", after)
            change = {"who": who, "before": pick(before), "after": pick(after)}
            if data.get("why") or not event.actor:
                return _("Status: %(before)s → %(after)s") % change
            return _("%(who)s changed the status: %(before)s → %(after)s") % change
        case "ticket.followed_up":
            return _("Goes on in %(number)s") % {"number": data["number"]}
        case "ticket.held":
            return _("A mail from an unknown sender came to the reply address")
        case "ticket.auto_replied":
            return _("An automatic reply came and was kept")
        case "mail.bounced":
            return _("The mail to %(address)s came back: %(reason)s") % {
                "address": data.get("address", ""),
                "reason": data.get("reason", ""),
            }
        case "mail.sent":
            return _("A mail went to %(address)s") % {"address": data.get("address", "")}
    return ""
