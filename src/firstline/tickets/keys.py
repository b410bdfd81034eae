"""Signed keys that open one ticket to its requester without a password, for as long as they have a right.

A key is nothing that is stored: the ticket and the person, signed with the installation's secret key and
the time. Whether it opens anything is asked anew at each use.
"""

import re
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from firstline.people.access import Actor, as_customer
from firstline.people.models import Person
from firstline.people.roles import Permission
from firstline.tickets.models import Ticket

LASTS = timedelta(days=30)
PATH = "/ticket-links/"  # what stands before a key in each address that has one
MAY = frozenset(
    {
        Permission.TICKET_OPEN,  # an answer to a closed ticket opens another one
        Permission.TICKET_RATE,
        Permission.TICKET_REOPEN,
        Permission.TICKET_REPLY,
        Permission.TICKET_VIEW,
    }
)
_LONGEST = 200  # characters of a key
# Mail programs that check links put the whole address into one of theirs, coded once or twice.
_SLASH = "(?:/|%2F|%252F)"
_IN_TEXT = re.compile(PATH.replace("/", _SLASH).join("()") + r"[\w.=-]+", re.IGNORECASE)
_NAME = PATH.strip("/")


def key_for(ticket: Ticket, person: Person) -> str:
    """A key to the ticket for its requester; "" for everybody else, and for staff."""
    if not _may_have(ticket, person):
        return ""
    return _signer().sign_object([ticket.pk, person.pk])


def opened_by(key: str) -> tuple[Actor, Ticket] | None:
    """Who comes with this key and to which ticket; None for one that opens nothing (any more).

    The actor sees this ticket and no other.
    """
    try:
        ticket_id, person_id = _signer().unsign_object(key[:_LONGEST], max_age=LASTS)
    except (BadSignature, ValueError, TypeError):
        return None
    ticket = Ticket.objects.filter(pk=ticket_id).first()
    person = Person.objects.filter(pk=person_id).first()
    if ticket is None or person is None or not _may_have(ticket, person):
        return None
    return Actor(person, as_customer(person).permissions & MAY, only_ticket=ticket.pk), ticket


def hide(text: str) -> str:
    """The text without the keys in it: who reads a quoted mail must not come in as its recipient."""
    return _IN_TEXT.sub(r"\1…", text) if _NAME in text else text


def _may_have(ticket: Ticket, person: Person) -> bool:
    # Who is no row has no key: neither has a ticket without a requester.
    is_theirs = ticket.requester_id is not None and ticket.requester_id == person.pk
    return is_theirs and person.is_active and person.level is None


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="firstline.tickets.keys", sep=".")
