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
from firstline.people import portals
from firstline.people.models import Person
from firstline.tickets import workflow
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.workflow import Phase

OWN_COLOUR = "#0a6074"


@dataclass(frozen=True, slots=True)
class Words:
    """A letter before it is a row of the outbox."""

    sender_name: str
    subject: str
    text: str
    html: str


def received(ticket: Ticket, reader: Person, event: Event, *, by_stranger: bool) -> Words:
    """That the request is here. What a stranger may have written stands nowhere in it (C13)."""
    with _as_read_by(reader):
        subject = _("[%(number)s] Received: %(subject)s")
        if by_stranger:
            subject = _("[%(number)s] Your request is with us")
        values = {"number": ticket.number, "subject": ticket.subject}
        about = {
            "follows": event.data.get("follows", ""),
            "by_stranger": by_stranger,
            "by_reader": ticket.opened_by_id == reader.pk and event.on_behalf_of is None,
            "behind": _behind(event.actor, event.on_behalf_of) or _on_behalf_of(event, reader),
        }
        return _letter("received", ticket, reader, subject % values, **about)


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
        subject = _("[%(number)s] Re: %(subject)s")
        values = {"number": ticket.number, "subject": ticket.subject}
        steps = list(moves)
        new: dict[str, Any] = _change(steps[0], steps[-1]) if steps else {}
        said = _said(message) | {"behind": _behind(message.written_by, message.author)}
        said["is_copy"] = is_copy
        return _letter("answered", ticket, reader, subject % values, author=message, **said, **new)


def forwarded(ticket: Ticket, reader: Person, message: Message) -> Words:
    """What an agent passes on to somebody outside: their own words, then what was said."""
    with _as_read_by(reader):
        subject = _("[%(number)s] Fwd: %(subject)s")
        said = _said(message) | {"passed": link(message.quote), "is_copy": True}
        values = _named(ticket)
        return _letter("forwarded", ticket, reader, subject % values, author=message, **said)


def moved(ticket: Ticket, reader: Person, event: Event) -> Words | None:
    """A new status, what it means, and what to do; None if the customer reads no difference."""
    with _as_read_by(reader):
        change = _change(event, event)
        if not change:
            return None
        subject = _("[%(number)s] Status: %(status)s")
        values = {"number": ticket.number, "status": change["status"]}
        by_itself = event.actor_id is None and change["phase"] == Phase.CLOSED
        about: dict[str, Any] = {
            "about": ticket.subject if _is_known(ticket) else "",
            "by_itself": by_itself and event.data.get("from_phase") == Phase.RESOLVED,
            "days": ticket.status.workflow.close_after_days,
            "may_reopen": _may_reopen(ticket),
            "behind": _behind(event.actor, event.on_behalf_of),
        }
        return _letter("moved", ticket, reader, subject % values, **about, **change)


def alerted(ticket: Ticket, reader: Person, message: Message) -> Words:
    """What we tell a project by ourselves: its type in words, its title, its text, by when to say
    that it was read.
    """
    with _as_read_by(reader):
        subject = _("[%(number)s] %(type)s: %(subject)s")
        about: dict[str, Any] = _alert(ticket) | _said(message)
        values = _named(ticket) | {"type": about["type"]}
        return _letter("alerted", ticket, reader, subject % values, author=message, **about)


def reminded(ticket: Ticket, reader: Person, message: Message) -> Words:
    """The same again, because nobody of the project said in time that they have read it."""
    with _as_read_by(reader):
        subject = _("[%(number)s] Not acknowledged: %(subject)s")
        about = _alert(ticket) | _said(message)
        return _letter("reminded", ticket, reader, subject % _named(ticket), **about)


def overdue(ticket: Ticket, agent: Person) -> Words:
    """To the agent who sent the alert: nobody acknowledged it, so somebody should call."""
    with _as_read_by(agent):
        subject = _("[%(number)s] Nobody acknowledged: %(subject)s")
        return _letter("overdue", ticket, agent, subject % _named(ticket), **_alert(ticket))


def _named(ticket: Ticket) -> dict[str, str]:
    return {"number": ticket.number, "subject": ticket.subject}


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
        "url": address + reverse(route, args=[ticket.number]),
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


def _is_known(ticket: Ticket) -> bool:
    """Whether the subject comes from the reader: of a mail that nobody answered yet, who knows (C13)."""
    return ticket.channel != "mail" or ticket.first_reply_at is not None


def _may_reopen(ticket: Ticket) -> bool:
    return any(status.phase == Phase.OPEN for status in workflow.allowed_moves(ticket))
