"""The processing history: messages and events of a ticket in one order (product 3.11)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from firstline.base.languages import pick
from firstline.events import log
from firstline.events.models import Event
from firstline.people import portals
from firstline.people.access import Actor
from firstline.people.models import Person, Portal
from firstline.people.roles import Permission
from firstline.tickets import escalated, sentences
from firstline.tickets.access import messages_for, partner_of
from firstline.tickets.change import SUBJECT
from firstline.tickets.models import Attachment, Message, Ticket

# Messages speak for themselves; these events would only repeat them.
SAID_BY_MESSAGES = {"ticket.forwarded", "ticket.replied", "ticket.noted", "ticket.said_between"}
# What both lines know of one another, and no customer.
BETWEEN_LINES = {"ticket.handed_over", "ticket.handed_back"}
FOR_CUSTOMERS = {
    "ticket.acknowledged",
    "ticket.alerted",
    "ticket.claimed",
    "ticket.followed_up",
    "ticket.moved",
    "ticket.opened",
    "ticket.rated",
}


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


def timeline(actor: Actor, ticket: Ticket, portal: Portal | None = None) -> list[Entry]:
    """All that happened and that the actor may know, oldest first; three queries.

    `portal`: where a customer reads, which may hide the names of agents; by default their own.
    """
    messages = list(messages_for(actor, ticket))
    attachments = Attachment.objects.filter(message__in=[message.pk for message in messages])
    files: dict[int, list[Attachment]] = {}
    for attachment in attachments.select_related("file").order_by("pk"):
        files.setdefault(attachment.message_id, []).append(attachment)
    entries = [Entry(message, files.get(message.pk, []), []) for message in messages]
    if portal is None and actor.person and not actor.may(Permission.INTERNAL_VIEW):
        portal = portals.seen_by(actor.person)
    lines = _lines(actor, ticket, portal)
    return _fold(entries, lines)


def _lines(actor: Actor, ticket: Ticket, portal: Portal | None) -> list[Line]:
    inside = actor.may(Permission.INTERNAL_VIEW)
    lines = []
    events = log.of_subject(SUBJECT, ticket.pk)
    sentences.veil(actor, events)
    for event in events:
        if event.kind in SAID_BY_MESSAGES or not (inside or event.kind in FOR_CUSTOMERS):
            continue
        if inside and not is_for(actor, event):
            continue
        text = describe(event, for_customer=not inside, portal=portal)
        if text:
            lines.append(Line(event, text))
    return lines


def is_for(actor: Actor, event: Event) -> bool:
    """Whether a member of staff may know of it: what one line does for itself is that line's alone.

    Such an event has a `line` in its data: the id of the partner, 0 for the platform.
    """
    line = event.data.get("line")
    return line is None or actor.is_system or line == (partner_of(actor) or 0)


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


def describe(event: Event, *, for_customer: bool = False, portal: Portal | None = None) -> str:
    """The event in the reader's language: who changed what, from what, to what."""
    who = _who(event, portal if for_customer else None)
    data = event.data
    match event.kind:
        case "ticket.opened":
            return _opened(event, who)
        case "ticket.alerted":
            return _("%(who)s sent an alert") % {"who": who}
        case "ticket.acknowledged":
            return _("%(who)s has read the alert") % {"who": who}
        case "ticket.alert_overdue":
            return _("Nobody acknowledged the alert in time")
        case "ticket.claimed" if "from" in data and not for_customer:
            return _("%(who)s took the ticket over from %(before)s") % {
                "who": who,
                "before": data["from"],
            }
        case "ticket.claimed":
            return _("%(who)s took the ticket") % {"who": who}
        case "ticket.moved":
            return _moved(event, who, for_customer=for_customer)
        case "ticket.followed_up":
            return _("Goes on in %(number)s") % {"number": data["number"]}
        case "ticket.rated" if data["helped"]:
            return _("%(who)s: the answer helped") % {"who": who}
        case "ticket.rated":
            return _("%(who)s: the answer did not help") % {"who": who}
        case "ticket.handed_over":
            return _given(
                _("%(who)s handed the ticket over to the platform: %(reason)s"), who, data
            )
        case "ticket.handed_back":
            return _given(_("%(who)s handed the ticket back to %(partner)s: %(reason)s"), who, data)
    if event.kind == "ticket.released":
        values = {"who": who, "name": data["name"]}
        return _("%(who)s showed the customer the mail from %(name)s") % values
    told = escalated.line(event, who) or sentences.sentence(event, who)
    return told or _on_the_way(event)


def _given(words: str, who: str, data: dict[str, Any]) -> str:
    """Between the lines: for which reason, and who has it now, if anybody."""
    told = words % {"who": who, "partner": data["partner"], "reason": data["reason"]}
    if data.get("again"):
        told += " · " + _("%(name)s answers again") % {"name": data["again"]}
    return told


def _opened(event: Event, who: str) -> str:
    data = event.data
    if "follows" in data:
        return _("Opened as a follow-up of %(number)s") % {"number": data["follows"]}
    if data.get("split_from"):
        return _("Opened from a message of %(number)s") % {"number": data["split_from"]}
    if event.on_behalf_of:
        return _("%(who)s opened the ticket") % {"who": who}
    if data.get("customer"):
        names = {"who": who, "customer": data["customer"]}
        return _("%(who)s opened the ticket on behalf of %(customer)s") % names
    return _("Ticket opened")


def _on_the_way(event: Event) -> str:
    """What happened to mails and forms; nobody in particular did it."""
    data = event.data
    match event.kind:
        case "ticket.sent_by_form":
            form = {"form": pick(data["form"])}
            return _("Sent by the form “%(form)s”; the address was confirmed by mail") % form
    return _of_mail(event)


def _moved(event: Event, who: str, *, for_customer: bool) -> str:
    before, after = event.data["from"], event.data["to"]
    if for_customer:
        before = event.data.get("customer_from", before)
        after = event.data.get("customer_to", after)
    change = {"who": who, "before": pick(before), "after": pick(after)}
    if event.data.get("why") or not event.actor:
        return _("Status: %(before)s → %(after)s") % change
    return _("%(who)s changed the status: %(before)s → %(after)s") % change


def _of_mail(event: Event) -> str:
    """What mail did to the ticket, for staff; empty for what needs no words."""
    data = event.data
    match event.kind:
        case "ticket.held":
            return _("A mail from an unknown sender came to the reply address")
        case "ticket.mail_refused":
            return _("A mail to an agent's reply address was kept, and nothing was done")
        case "ticket.looped":
            return _(
                "Looks like a loop: %(address)s got so many automatic mails in an hour that it gets no more"
            ) % {"address": data["address"]}
        case "ticket.auto_replied":
            return _("An automatic reply came and was kept")
        case "mail.bounced":
            return _came_back(data)
        case "mail.sent":
            return _("A mail went to %(address)s") % {"address": data.get("address", "")}
    return ""


def _came_back(data: dict[str, Any]) -> str:
    told = {"address": data.get("address", ""), "reason": data.get("reason", "")}
    if told["reason"] in {"", "undeliverable"}:
        return _("The mail to %(address)s came back") % told
    return _("The mail to %(address)s came back: %(reason)s") % told


def _who(event: Event, portal: Portal | None) -> str:
    """Who did it; what was done inside a project has two names (product 2.5)."""
    if event.on_behalf_of is None:
        return _name(event.actor, portal)
    names = {"customer": event.on_behalf_of.display_name, "agent": _name(event.actor, None)}
    if portal is not None and not portal.shows_agents:
        return _("%(customer)s (by the support team)") % names
    return _("%(customer)s (by %(agent)s, support)") % names


def _name(person: Person | None, portal: Portal | None) -> str:
    """Who did it; a portal's customers may not learn which of us it was."""
    if person is None:
        return _("The system")
    if portal is not None and person.level is not None:
        return portals.shown_name(portal, person.display_name)
    return person.display_name
