"""Where a mail belongs: to a ticket of its own, to one we have, or to none.

The order is fixed (product 7.4): reply address, then References and In-Reply-To with our own
Message-IDs, then a number in the subject, the last only for who takes part in that ticket. Each
step leaves a word in the trace, so that a person can read why.
"""

from dataclasses import replace
from datetime import timedelta

from django.utils import timezone

from firstline.base.languages import guess
from firstline.mail import addresses, agents, suppressions
from firstline.mail.inbound import bounces, by_agent, checks, sources
from firstline.mail.inbound.known import NAMED, by_header_id, ids_of, messages_by_id
from firstline.mail.inbound.matching import (
    by_conversation,
    by_note,
    by_references,
    by_reply_address,
    by_ticket_number,
    tokens_of,
)
from firstline.mail.inbound.placed import Placed
from firstline.mail.inbound.public import written_to
from firstline.mail.inbound.sender import sender_of
from firstline.mail.mime import identity, loops, quotes_html, subjects
from firstline.mail.mime.loops import Nature
from firstline.mail.mime.parse import Mail
from firstline.mail.models import Outcome, RawMail
from firstline.mail.proof import Word
from firstline.people.access import as_customer
from firstline.people.actions.people import meet
from firstline.people.models import Person
from firstline.tickets import keys
from firstline.tickets.access import belongs, is_copied
from firstline.tickets.actions.hold import hold
from firstline.tickets.actions.join_in import join_in
from firstline.tickets.actions.open import Fields, first_message
from firstline.tickets.actions.reply import reply
from firstline.tickets.family import end_of
from firstline.tickets.messages import TEXT_LIMIT, Draft, Enclosure
from firstline.tickets.models import Message, Ticket
from firstline.tickets.recipients import Recipients, mailboxes

LATE = timedelta(days=2)


def place(row: RawMail, mail: Mail) -> Placed:
    """Do with the mail what is to be done; call it inside a transaction."""
    placed = Placed(proof=dict(row.proof or {}))
    nature = bounces.nature_of(row, mail)
    placed.note("nature", nature.value)
    if nature == Nature.BOUNCE:
        return bounces.link(row, mail, placed)
    if (checked := checks.complete(row, mail, nature, placed)) is not None:
        return checked
    here = addresses.resolve(row.recipient)
    sender = sender_of(row, mail, here.department.pk if here else None, placed)
    if not sender.address.email:
        placed.note("no-sender")
        return placed
    if here is None:
        is_postmaster = addresses.is_postmaster(row.recipient)
        placed.note("postmaster" if is_postmaster else "no-department", row.recipient)
        return placed
    if sender.form:
        nature = Nature.PERSON  # a machine sent it, and a person filled it in
    person = meet(sender.address.email, sender.address.name, guess(mail.text))
    if "word" in placed.proof:
        placed.note("proof", placed.word)
    if (address := agents.named(tokens_of(here.token, mail))) is not None:
        return by_agent.take(address, person, mail, nature, placed)
    found = by_note(row, placed) or by_reply_address(here.token, mail, placed)
    found = found or by_references(mail, placed)
    if nature == Nature.PERSON and (placed.word == Word.PROVEN or _is_expected(found, person)):
        suppressions.heard_from(person.email)
    placed.is_quiet = (
        nature != Nature.PERSON or _is_late(row, mail) or placed.word == Word.DISPROVEN
    )
    if not sender.form:  # what its machine forbids is not the person's wish
        placed.is_quiet |= loops.forbids_answers(mail, row.envelope_sender, person.email)
    found = found or by_conversation(here, mail, person, placed)
    found = found or by_ticket_number(mail.subject, person, placed)
    if found is not None:
        return _join(found, person, mail, nature, placed)
    is_quiet = placed.is_quiet or not sources.may_be_confirmed(row, mail, placed)
    return _open(here, person, mail, placed, automatic=is_quiet, form=sender.form)


def _is_expected(found: Ticket | None, person: Person) -> bool:
    """Whether only who got our mail can have written it: it knows an address that nobody guesses."""
    return found is not None and belongs(person, found)


def _join(ticket: Ticket, person: Person, mail: Mail, nature: Nature, placed: Placed) -> Placed:
    draft, end = _under_own_subject(draft_of(mail, placed.proof), mail, ticket), end_of(ticket)
    if end.pk != ticket.pk and (belongs(person, end) or not belongs(person, ticket)):
        ticket = end
        placed.note("merged", end.number)
    if placed.word == Word.DISPROVEN:
        message = hold(ticket, person, draft, via="mail")
        placed.note("held-forged", person.email)
    elif belongs(person, ticket):
        actor, automatic = as_customer(person), nature == Nature.AUTO_REPLY
        quiet = placed.is_quiet
        message = reply(actor, ticket, draft, via="mail", automatic=automatic, is_quiet=quiet)
        placed.note("joined", message.ticket.number)
    elif is_copied(person, ticket):
        automatic = nature == Nature.AUTO_REPLY
        message = join_in(person, ticket, draft, via="mail", automatic=automatic)
        placed.note("held" if message.is_foreign else "joined-as-copied", person.email)
    else:
        message = hold(ticket, person, draft, via="mail")
        placed.note("held", person.email)
    placed.outcome = Outcome.JOINED if message.ticket_id == ticket.pk else Outcome.OPENED
    placed.ticket, placed.message = message.ticket, message
    _learn(message)
    return placed


def _under_own_subject(draft: Draft, mail: Mail, ticket: Ticket) -> Draft:
    """With the mail's subject, where it is neither the ticket's nor that of ours which it answers.

    Where nothing else is said, the subject is what is said.
    """
    ours = by_header_id.among(ids_of(mail)).values()
    known = [ticket.subject, *(one.subject for one in ours)]
    if not all(subjects.is_another(mail.subject, one) for one in known):
        return draft
    return replace(
        draft, subject=mail.subject, text=(draft.text.strip() and draft.text) or mail.subject
    )


def _is_late(row: RawMail, mail: Mail) -> bool:
    """Whether it lay in a mailbox for days, as after an outage: a receipt would come too late (D17)."""
    if row.source != "imap":
        return False
    written = min(row.received_at, mail.date or row.received_at)
    return written < timezone.now() - LATE


def _open(
    here: addresses.Recipient,
    person: Person,
    mail: Mail,
    placed: Placed,
    *,
    automatic: bool,
    form: str = "",
) -> Placed:
    public = here.public or written_to(mail, addresses.public_of(here.department))
    if public:
        placed.note("written-to", public)
    fields = Fields(
        subject=mail.subject,
        department=here.department,
        address=public,
        requester=person,
        automatic=automatic,
    )
    draft = draft_of(mail, placed.proof)
    if form:
        draft = _of_form(draft, form)
    message = first_message(as_customer(person), fields, draft, via="mail")
    placed.note("opened", message.ticket.number)
    placed.outcome, placed.ticket, placed.message = Outcome.OPENED, message.ticket, message
    _learn(message)
    return placed


def _of_form(draft: Draft, form: str) -> Draft:
    """With a word for its readers that a form sent it: its Reply-To is no cause for doubt."""
    reading = dict(draft.reading or {}) | {"form": form}
    reading["doubts"] = [one for one in reading.get("doubts", ()) if one != "reply-elsewhere"]
    return replace(draft, reading=reading)


def _learn(message: Message) -> None:
    """Let the mails that are placed together with this one find it."""
    if message.header_id:
        others = messages_by_id(message.header_id) or []
        messages_by_id.learn(message.header_id, [*others, message])


def draft_of(mail: Mail, proof: dict[str, str] | None = None) -> Draft:
    """What a mail says, as actions take it."""
    written, quoted = quotes_html.split_both(mail.text, mail.html)
    if not written.strip():
        written, quoted = mail.text, ""
    if mail.inside:  # a mail inside is read where a quote is: folded, below what was written
        quoted = f"{quoted.rstrip()}\n\n{mail.inside}" if quoted.strip() else mail.inside
    files = [
        Enclosure(one.name, one.content, one.content_id, one.inline) for one in mail.attachments
    ]
    if max(len(written), len(quoted)) > TEXT_LIMIT:  # no page could show it: whole, it is a file
        files.append(Enclosure("text.txt", mail.text.encode()))
        written, quoted = written[:TEXT_LIMIT], quoted[:TEXT_LIMIT]
    return Draft(
        text=keys.hide(written),
        quote=keys.hide(quoted),
        html=keys.hide(mail.html),
        header_id=mail.message_id,
        files=files,
        reading=identity.reading(mail) | ({"proof": proof} if proof else {}),
        recipients=_recipients(mail),
    )


def _recipients(mail: Mail) -> Recipients:
    """Whom its sender wrote to; none of them takes part for it (C7)."""
    to, cc = (
        mailboxes((one.name, addresses.bare(one.email)) for one in people[:NAMED] if one.email)
        for people in (mail.to, mail.cc)
    )
    ours = addresses.ours(one for _name, one in (*to, *cc))
    return Recipients(to=to, cc=cc, ours=tuple(sorted(ours)))
