"""Where a mail of an imported mailbox belongs: to a conversation of the same import, or to none.

Its references are looked up only among the mails of its own import, and count only for who takes
part in that conversation (C3); mails from our own addresses are our answers. Nothing is sent.
"""

import hashlib
from collections.abc import Iterable

from firstline.base import emails
from firstline.base.languages import guess
from firstline.files import store
from firstline.mail import addresses
from firstline.mail.inbound.place import draft_of
from firstline.mail.inbound.placed import Placed
from firstline.mail.inbound.public import written_to
from firstline.mail.mime import loops
from firstline.mail.mime.loops import Nature, read_bounce
from firstline.mail.mime.parse import Address, Mail
from firstline.mail.models import ImportedMail, Outcome, RawMail
from firstline.people.access import SYSTEM, as_customer
from firstline.people.actions.people import meet, person_at
from firstline.people.models import Person
from firstline.tickets.access import belongs
from firstline.tickets.actions.open import Fields
from firstline.tickets.actions.past import open_past, said
from firstline.tickets.family import end_of
from firstline.tickets.models import Message, Ticket
from firstline.tickets.models.message import Kind
from firstline.tickets.recipients import Recipients

SOURCE = "import"
MOST_IDS, MOST_TALKS, MOST_PEOPLE = 50, 10, 30


def key_of(message_id: str) -> str:
    """What a Message-ID is found by: a hash, because it may have any length; "" for none."""
    return hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest() if message_id else ""


def place(row: RawMail, mail: Mail) -> Placed:
    """Make history of the mail; call it inside a transaction, at the moment it was written."""
    placed = Placed()
    nature = loops.nature(mail, row.envelope_sender or None)
    placed.note("nature", nature.value)
    if nature == Nature.BOUNCE:
        return _bounce(row, placed)
    placed.note("sender", mail.sender.email)
    here = addresses.resolve(row.recipient)
    if here is None:
        placed.note("no-department", row.recipient)
        return placed
    if not (mail.sender.email and addresses.is_ours(mail.sender.email)):
        return _theirs(row, here, mail.sender, mail, placed)
    placed.note("own-address", mail.sender.email)
    outside = _outside((*mail.to, *mail.cc))
    if outside:
        return _ours(row, here, outside, mail, placed)
    # A web form writes in our name, of somebody else (C15).
    writer = next(iter(_outside(mail.reply_to)), Address("", ""))
    return _theirs(row, here, writer, mail, placed)


def _theirs(
    row: RawMail,
    here: addresses.Recipient,
    sender: Address,
    mail: Mail,
    placed: Placed,
) -> Placed:
    """A mail from a customer."""
    if not sender.email:
        placed.note("no-sender")
        return placed
    person = meet(sender.email, sender.name, guess(mail.text))
    talk = next((one for one in _talks(row, mail) if _takes_part(person, one)), None)
    if talk is not None:
        return _joined(said(talk, person, draft_of(mail), kind=Kind.IN), placed)
    fields = _fields(here, person, mail, written_to(mail, addresses.public_of(here.department)))
    message = open_past(as_customer(person), fields, draft_of(mail), kind=Kind.IN)
    return _opened(message, placed)


def _ours(
    row: RawMail,
    here: addresses.Recipient,
    outside: list[Address],
    mail: Mail,
    placed: Placed,
) -> Placed:
    """A mail that we wrote to somebody outside."""
    name = mail.sender.name or mail.sender.email
    placed.note("written-by-us", outside[0].email)
    readers = list(person_at.among(emails.normal(one.email) for one in outside).values())
    for talk in _talks(row, mail):
        if any(_takes_part(one, talk) for one in readers):
            return _joined(said(talk, None, draft_of(mail), kind=Kind.OUT, name=name), placed)
    contact = meet(outside[0].email, outside[0].name, guess(mail.text))
    public = mail.sender.email.lower()
    fields = _fields(here, contact, mail, public if public != here.department.address else "")
    return _opened(open_past(SYSTEM, fields, draft_of(mail), kind=Kind.OUT, name=name), placed)


def _fields(here: addresses.Recipient, person: Person, mail: Mail, public: str) -> Fields:
    return Fields(
        subject=mail.subject,
        department=here.department,
        address=public if public in addresses.public_of(here.department) else "",
        requester=person,
    )


def _opened(message: Message, placed: Placed) -> Placed:
    placed.note("opened", message.ticket.number)
    placed.outcome, placed.ticket, placed.message = Outcome.OPENED, message.ticket, message
    return placed


def _joined(message: Message, placed: Placed) -> Placed:
    placed.note("conversation", message.ticket.number)
    placed.outcome, placed.ticket, placed.message = Outcome.JOINED, message.ticket, message
    return placed


def _outside(people: Iterable[Address]) -> list[Address]:
    """Those who are not ourselves."""
    some = [one for one in people if one.email][:MOST_PEOPLE]
    own = addresses.ours(addresses.bare(one.email) for one in some)
    return [one for one in some if addresses.bare(one.email) not in own]


def _talks(row: RawMail, mail: Mail) -> list[Ticket]:
    """Tickets of the same import whose mails this one answers, the nearest first."""
    ids = list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))[:MOST_IDS]
    mine = ImportedMail.objects.filter(raw=row).order_by("-pk").first()
    if mine is None:
        return []
    others = ImportedMail.objects.filter(origin=mine.origin_id, raw__ticket__isnull=False)
    others = others.exclude(raw=row).order_by("-pk")
    keys = [key_of(one) for one in ids]
    near = others.filter(header_key__in=keys)
    answered = dict(near.values_list("header_key", "raw__ticket"))
    found = [answered[key] for key in keys if key in answered]
    # Mails of one conversation name the same first one, whether that is here or not.
    roots = {mine.root_key, mine.header_key} - {""}
    kin = others.filter(root_key__in=roots).values_list("raw__ticket", flat=True)
    found = list(dict.fromkeys([*found, *kin[:MOST_TALKS]]))[:MOST_TALKS]
    rows = Ticket.objects.in_bulk(found)
    return [end_of(rows[pk]) for pk in found]


def _takes_part(person: Person, ticket: Ticket) -> bool:
    """Whether the conversation is this person's: as their own ticket, or because we wrote to them in it."""
    if belongs(person, ticket):
        return True
    ours = Message.objects.filter(ticket=ticket, kind=Kind.OUT, recipients__isnull=False)
    for kept in ours.values_list("recipients", flat=True):
        told = Recipients.of(kept)
        if any(address == person.email for _name, address in (*told.to, *told.cc)):
            return True
    return False


def _bounce(row: RawMail, placed: Placed) -> Placed:
    """An old bounce belongs to our mail that did not arrive, if that is in the same import.

    It proves nothing of today, so the address stays as it is.
    """
    bounce = read_bounce(store.read(row.sha256), None, row.envelope_sender or None)
    mine = ImportedMail.objects.filter(raw=row).order_by("-pk").first()
    found = None
    if bounce and bounce.original_message_id and mine:
        sent = ImportedMail.objects.filter(
            origin=mine.origin_id, header_key=key_of(bounce.original_message_id)
        )
        sent = sent.filter(raw__message__kind=Kind.OUT).select_related("raw__ticket")
        found = sent.first()
    if found is None:
        placed.note("bounce-of-nothing-ours")
        return placed
    placed.note("bounce-of", ", ".join(bounce.recipients) if bounce else "")
    placed.outcome = Outcome.BOUNCE
    placed.ticket, placed.message = found.raw.ticket, found.raw.message
    return placed
