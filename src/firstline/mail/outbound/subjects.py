"""The one subject of all mails about a ticket (docs/decisions/020-one-subject.md).

Mail programs keep messages in one conversation only while their subject stays the same, prefixes
such as "Re:" apart; so each mail has the customer's own words, and the number at the end in brackets.
"""

import re

from django.utils.translation import gettext as _

from firstline.tickets.models import Ticket

# What mail programs put in front of an answer or of what they forward, also more than once.
PREFIXES = re.compile(
    r"(?:\s*(?:re|fwd?|aw|wg|sv|отв|ответ|пересл|отг|препр)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)
# Letters, digits, blanks and what stands between words: no address of anything can be written so.
PLAIN = re.compile(r"(?:[^\W_]|[\s,!?()«»„“”\"'’№#–—-]|\.(?=\s|\Z))*")
PLAIN_LENGTH = 60
PLAIN_DIGITS = 6  # fewer than any telephone number has


def first(ticket: Ticket) -> str:
    """The subject of a mail that begins a conversation, such as an alert."""
    return f"{_own(ticket)} [{ticket.number}]"


def answer(ticket: Ticket, *, by_stranger: bool = False) -> str:
    """The subject of a mail in a conversation that the reader began.

    `by_stranger`: anybody may have written the request in the reader's name. Then its words are
    repeated only if they can lead nobody anywhere, so that the desk carries no advertising.
    """
    own = _own(ticket)
    if by_stranger and not _is_plain(own):
        request = _("Your request")
        return f"{request} [{ticket.number}]"
    return f"Re: {own} [{ticket.number}]"


def forwarded(ticket: Ticket) -> str:
    """The subject of what an agent passes on to somebody outside."""
    return f"Fwd: {_own(ticket)} [{ticket.number}]"


def _own(ticket: Ticket) -> str:
    found = PREFIXES.match(ticket.subject)
    return ticket.subject[found.end() :].strip() or ticket.subject if found else ticket.subject


def _is_plain(text: str) -> bool:
    digits = sum(char.isdigit() for char in text)
    return len(text) <= PLAIN_LENGTH and digits <= PLAIN_DIGITS and bool(PLAIN.fullmatch(text))
