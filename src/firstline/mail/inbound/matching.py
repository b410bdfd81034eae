"""Which ticket a mail belongs to, by what it names: a reply address, other mails, a ticket number."""

from firstline.base import emails
from firstline.mail import addresses
from firstline.mail.inbound.known import (
    by_header_id,
    by_number,
    by_token,
    ids_of,
    messages_by_id,
    numbers_in,
)
from firstline.mail.inbound.placed import Placed
from firstline.mail.mime.parse import Address, Mail
from firstline.mail.models import RawMail
from firstline.people.models import Person
from firstline.tickets.access import belongs
from firstline.tickets.models import Message, Ticket

MOST_ANSWERED = 10  # messages that are asked about


def tokens_of(token: str, mail: Mail) -> list[str]:
    """The token it came to, and those it names."""
    tokens = [token, *(_token_of(address) for address in (*mail.to, *mail.cc)[:50])]
    return [one for one in tokens if one]


def by_reply_address(token: str, mail: Mail, placed: Placed) -> Ticket | None:
    """The ticket whose reply address the mail came to or names."""
    found = _newest(by_token.among(tokens_of(token, mail)))
    if found:
        placed.note("reply-address", found.number)
    elif token:
        placed.note("reply-address-gone")
    return found


def _token_of(address: Address) -> str:
    match = addresses.TOKEN.match(address.email.lower().rpartition("@")[0])
    return match["token"] if match else ""


def by_note(row: RawMail, placed: Placed) -> Ticket | None:
    """The ticket of the note that stood for this mail while the mail server kept it back."""
    found = row.note.ticket if row.note is not None else None
    if found:
        placed.note("note", found.number)
    return found


def by_references(mail: Mail, placed: Placed) -> Ticket | None:
    """The ticket of the newest mail of ours that this one answers."""
    answered = by_header_id.among(ids_of(mail))
    newest = max(answered.values(), key=lambda one: one.pk, default=None)
    found = newest.ticket if newest else None
    if found:
        placed.note("references", found.number)
    return found


def by_conversation(
    here: addresses.Recipient, mail: Mail, person: Person, placed: Placed
) -> Ticket | None:
    """The ticket with a mail that this one answers, not one of ours: of the customer or a colleague.

    Such a Message-ID is no secret, so it counts only for who takes part in the ticket, wrote that
    mail, or was written to in it; the last only as somebody whom staff must let in.
    """
    answered = messages_by_id.among(ids_of(mail))
    rows = [message for one in ids_of(mail) for message in answered.get(one, ())]
    rows.sort(key=lambda one: (one.ticket.department_id == here.department.pk, one.pk))
    for message in reversed(rows[-MOST_ANSWERED:]):
        if _was_there(person, message) or belongs(person, message.ticket):
            placed.note("conversation-of", message.ticket.number)
            return message.ticket
    if rows:
        placed.note("conversation-of-others", rows[-1].ticket.number)
    return None


def _was_there(person: Person, message: Message) -> bool:
    """Whether the person wrote this message, or stands in its open fields."""
    kept = message.recipients or {}
    return message.author_id == person.pk or any(
        person.email == emails.normal(address)
        for field in ("to", "cc")
        for _name, address in kept.get(field, ())
    )


def by_ticket_number(subject: str, person: Person, placed: Placed) -> Ticket | None:
    """The ticket whose number the subject names, if the sender takes part in it."""
    found = _newest(by_number.among(numbers_in(subject)))
    if found is None:
        return None
    if not belongs(person, found):
        placed.note("number-of-another", found.number)
        return None
    placed.note("number", found.number)
    return found


def _newest(found: dict[str, Ticket]) -> Ticket | None:
    return max(found.values(), key=lambda ticket: ticket.pk, default=None)
