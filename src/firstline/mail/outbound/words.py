"""What letters to customers say, in the reader's language, by the clock of the reader's zone."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from firstline.base import zones
from firstline.base.colours import accents, is_colour
from firstline.base.html import link
from firstline.base.languages import known, pick
from firstline.events.models import Event
from firstline.mail.outbound import subjects
from firstline.people import portals
from firstline.people.models import Person
from firstline.tickets import access, keys, workflow
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.workflow import Phase

OWN_COLOUR = "#0a6074"
TOLD_WITH_ANSWERS = {Phase.DEFERRED, Phase.RESOLVED, Phase.CLOSED}


@dataclass(frozen=True, slots=True)
class Words:
    """A letter before it is a row of the outbox."""

    sender_name: str
    subject: str
    text: str
    html: str


def received(ticket: Ticket, reader: Person, event: Event, *, by_stranger: bool) -> Words:
    """That the request is here. What a stranger may have written stands nowhere in its text."""
    with _as_read_by(reader):
        subject = subjects.answer(ticket, by_stranger=by_stranger)
        about = {
            "follows": event.data.get("follows", ""),
            "by_stranger": by_stranger,
            "by_reader": ticket.opened_by_id == reader.pk and event.on_behalf_of is None,
            "behind": _behind(event.actor, event.on_behalf_of) or _on_behalf_of(event, reader),
        }
        return _letter("received", ticket, reader, subject, **about)


def answered(
    ticket: Ticket,
    reader: Person,
    message: Message,
    moves: Iterable[Event],
    *,
    is_copy: bool = False,
) -> Words:
    """An agent's message; `moves` are the changes of status that came with it, oldest first.

    `is_copy`: for somebody who gets it beside the customer, and sees nothing on the portal.
    """
    with _as_read_by(reader):
        subject = subjects.answer(ticket)
        steps = list(moves)
        # That somebody works on it and waits for more words, an answer says by itself.
        is_news = bool(steps) and steps[-1].data["phase"] in TOLD_WITH_ANSWERS
        new: dict[str, Any] = _change(steps[0], steps[-1]) if is_news else {}
        said = _said(message) | {"behind": _behind(message.written_by, message.author)}
        said["is_copy"] = is_copy
        link = _link(ticket, reader, new.get("phase", ""))
        return _letter("answered", ticket, reader, subject, author=message, **said, **new, **link)


def forwarded(ticket: Ticket, reader: Person, message: Message) -> Words:
    """What an agent passes on to somebody outside: their own words, then what was said."""
    with _as_read_by(reader):
        subject = subjects.forwarded(ticket)
        said = _said(message) | {"passed": link(message.quote), "is_copy": True}
        return _letter("forwarded", ticket, reader, subject, author=message, **said)


def moved(ticket: Ticket, reader: Person, event: Event, *, by_stranger: bool) -> Words | None:
    """A new status, what it means, and what to do; None if the customer reads no difference.

    `by_stranger`: anybody may have written the ticket, so its words stand nowhere in the mail.
    """
    with _as_read_by(reader):
        change = _change(event, event)
        if not change:
            return None
        subject = subjects.answer(ticket, by_stranger=by_stranger)
        by_itself = event.actor_id is None and change["phase"] == Phase.CLOSED
        about: dict[str, Any] = {
            "about": "" if by_stranger else ticket.subject,
            "by_itself": by_itself and event.data.get("from_phase") == Phase.RESOLVED,
            "days": ticket.status.workflow.close_after_days,
            "may_reopen": _may_reopen(ticket),
            "behind": _behind(event.actor, event.on_behalf_of),
        }
        link = _link(ticket, reader, change["phase"])
        return _letter("moved", ticket, reader, subject, **about, **change, **link)


def alerted(ticket: Ticket, reader: Person, message: Message) -> Words:
    """What we tell a project by ourselves: its type in words, its title, its text, by when to say
    that it was read.
    """
    with _as_read_by(reader):
        about: dict[str, Any] = _alert(ticket) | _said(message)
        subject = subjects.first(ticket)
        return _letter("alerted", ticket, reader, subject, author=message, **about)


def reminded(ticket: Ticket, reader: Person, message: Message) -> Words:
    """The same again, because nobody of the project said in time that they have read it."""
    with _as_read_by(reader):
        about = _alert(ticket) | _said(message)
        return _letter("reminded", ticket, reader, subjects.answer(ticket), **about)


def overdue(ticket: Ticket, agent: Person) -> Words:
    """To the agent who sent the alert: nobody acknowledged it, so somebody should call."""
    with _as_read_by(agent):
        subject = _("[%(number)s] Nobody acknowledged: %(subject)s")
        named = {"number": ticket.number, "subject": ticket.subject}
        return _letter("overdue", ticket, agent, subject % named, **_alert(ticket))


def _alert(ticket: Ticket) -> dict[str, Any]:
    """Type and deadline of an alert, by the reader's clock."""
    until = ticket.alert.acknowledge_by
    moment = timezone.localtime(until) if until else None
    return {
        "type": ticket.alert.get_type_display(),
        "until": moment,
        "zone": zones.difference(moment) if moment else "",
    }


@contextmanager
def _as_read_by(reader: Person) -> Iterator[None]:
    """Everything inside speaks the reader's language and tells the time of the reader's zone."""
    zone = zones.zone(reader.time_zone)
    with translation.override(known(reader.language)), timezone.override(zone):
        yield


def _letter(
    name: str,
    ticket: Ticket,
    reader: Person,
    subject: str,
    *,
    author: Message | None = None,
    **context: Any,
) -> Words:
    """Fill in the two templates of a letter, from the portal that the reader knows."""
    portal = portals.of(reader)
    desk, address = portals.name_of(portal), portals.address_of(portal)
    route = "agent:ticket" if reader.level else "portal:ticket"
    light, dark = accents(portal.colour if is_colour(portal.colour) else OWN_COLOUR)
    context |= {
        "ticket": ticket,
        "reader": reader,
        "desk": desk,
        "signature": ticket.department.signature,
        "url": context.get("link") or address + reverse(route, args=[ticket.number]),
        # Staff have other settings, which no letter to customers follows.
        "settings_url": "" if reader.level else address + reverse("settings:profile"),
        "accent": light.accent,
        "accent_in_the_dark": dark.accent,
        "names_agents": portal.shows_agents,
    }
    is_named = author is not None and portal.shows_agents
    return Words(
        sender_name=f"{_writer(author)} ({desk})" if author and is_named else desk,
        subject=subject,
        text=render_to_string(f"mail/{name}.txt", context),
        html=render_to_string(f"mail/{name}.html", context),
    )


def _link(ticket: Ticket, reader: Person, phase: str) -> dict[str, Any]:
    """What opens the ticket without a password once it is over, for its requester alone; and what
    rates the answer.
    """
    key = keys.key_for(ticket, reader) if phase in {Phase.RESOLVED, Phase.CLOSED} else ""
    if not key:
        return {}
    address = portals.address_of(portals.of(reader))
    link = {"link": address + reverse("ticket_link", args=[key])}
    if access.is_answered(ticket):
        link["rate_url"] = address + reverse("ticket_link_ratings", args=[key])
    return link


def _behind(agent: Person | None, customer: Person | None) -> dict[str, str]:
    """Who really did what a customer seems to have done; nothing outside of projects (product 2.5)."""
    if agent is None or customer is None:
        return {}
    return {"agent": agent.display_name, "customer": customer.display_name}


def _on_behalf_of(event: Event, reader: Person) -> dict[str, str]:
    """Which of us wrote what stands in the reader's name; nothing where they wrote it themselves."""
    if event.actor is None or "customer" not in event.data:
        return {}
    names = {"agent": event.actor.display_name, "customer": reader.display_name}
    return names | {"by_telling": "yes"}


def _writer(message: Message) -> str:
    return message.written_by.display_name if message.written_by else message.author_name


def _said(message: Message) -> dict[str, Any]:
    return {"message": message, "body": link(message.text)}


def _change(first: Event, last: Event) -> dict[str, Any]:
    """What the reader reads of a change of status; nothing where both names are the same to them."""
    names, until = last.data.get("customer_to", last.data["to"]), last.data.get("until")
    if pick(names) == pick(first.data.get("customer_from", first.data["from"])):
        return {}
    moment = timezone.localtime(datetime.fromisoformat(until)) if until else None
    return {
        "status": pick(names),
        "phase": last.data["phase"],
        "until": moment,
        "zone": zones.difference(moment) if moment else "",
    }


def _may_reopen(ticket: Ticket) -> bool:
    return any(status.phase == Phase.OPEN for status in workflow.allowed_moves(ticket))
