"""What the desk knows that a mail may belong to: asked once for all that are placed together."""

import re

from firstline.base import emails
from firstline.base.lookups import Lookup
from firstline.mail import addresses
from firstline.mail.inbound import sources
from firstline.mail.inbound.sender import departments_of_forms
from firstline.mail.mime.parse import Mail
from firstline.mail.models import OutgoingMail, RawMail
from firstline.mail.proof import Word, word
from firstline.people.actions.people import company_at, domain_of, person_at
from firstline.tickets.models import Message, Ticket

NAMED = 30  # people of one header that are kept
ANSWERED = ("header_id", "recipient", "kind", "ticket", "message", "subject")  # its texts are long
NUMBER = re.compile(r"[\w№#][\w\-.№#]*\d[\w\-.]*")
BRACKETED = re.compile(r"\[([^\[\]]{1,40})\]")  # as our own mails name it, whatever it is made of


def _by(name: str) -> Lookup[str, Ticket]:
    """Tickets by one of their names; the newest has it, should there be two."""

    def find(names: list[str]) -> dict[str, Ticket]:
        found = Ticket.objects.filter(**{f"{name}__in": names}).order_by("pk")
        return {getattr(ticket, name): ticket for ticket in found}

    return Lookup(find)


def _answered(ids: list[str]) -> dict[str, OutgoingMail]:
    found = OutgoingMail.objects.filter(header_id__in=ids)
    return {mail.header_id: mail for mail in found.only(*ANSWERED)}


def _messages(ids: list[str]) -> dict[str, list[Message]]:
    """Messages of mails with these Message-IDs: one mail to two departments is in two tickets."""
    rows = (
        Message.objects.filter(header_id__in=ids)
        .defer("text", "quote", "html")
        .select_related("ticket")
    )
    found: dict[str, list[Message]] = {}
    for message in rows:
        found.setdefault(message.header_id, []).append(message)
    return found


messages_by_id = Lookup(_messages)
by_token, by_number, by_header_id = _by("reply_token"), _by("number"), Lookup(_answered)


def look_up(mails: list[tuple[RawMail, Mail]]) -> None:
    """Ask at once for what placing these mails will ask for, inside of `remembering`."""
    people = [mail.sender.email for _row, mail in mails if mail.sender.email]
    named = [one.email for _row, mail in mails for one in (*mail.to[:NAMED], *mail.cc[:NAMED])]
    owners = [row.recipient for row, _mail in mails] + people + named
    addresses.owner.among(addresses.bare(one) for one in owners if one)
    person_at.among(emails.normal(one) for one in people)
    company_at.among(domain_of(one) for one in people)
    unproven = [(row, mail) for row, mail in mails if word(row.proof) != Word.PROVEN]
    sources.confirmed.among(sources.source_of(mail, row.proof or {}) for row, mail in unproven)
    departments_of_forms.among(one.lower() for one in people)
    by_header_id.among(one for _row, mail in mails for one in ids_of(mail))
    messages_by_id.among(one for _row, mail in mails for one in ids_of(mail))
    by_number.among(one for _row, mail in mails for one in numbers_in(mail.subject))


def ids_of(mail: Mail) -> list[str]:
    """The Message-IDs of the mails that it answers, the nearest first."""
    return list(dict.fromkeys([*mail.in_reply_to, *reversed(mail.references)]))[:50]


def numbers_in(subject: str) -> list[str]:
    """What may be the number of a ticket."""
    words = NUMBER.findall(subject)[:20]
    return [*BRACKETED.findall(subject)[-5:], *words, *(word.strip("[]()#№:;,.") for word in words)]
