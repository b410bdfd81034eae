"""Splits: a customer's message becomes a ticket for the same people, hidden words never do."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from firstline.people.access import Forbidden, NotFound
from firstline.people.roles import Permission
from firstline.tickets import access, history, links
from firstline.tickets.actions.merge import merge
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.actions.split import split
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Message, Ticket
from tests.cast import Cast, actor, open_by

NAMES = ["Umläute und Leer zeichen.txt", "отчёт.log", f"{'я' * 120}.txt"]


def test_words_and_files_for_the_same_people(cast: Cast, settle: Callable[[], None]) -> None:
    ticket = open_by(cast.svetlana, cast.hosting, project=cast.project)
    files = [Enclosure(name, name.encode() * 3) for name in NAMES]
    said = reply(actor(cast.pyotr), ticket, Draft("And the printer", files=files), via="portal")
    made = split(actor(cast.anna), ticket, said.pk, "The printer", via="web")
    settle()
    (first,) = made.messages.all()
    assert (first.text, first.author, first.kind, first.at) == (
        "And the printer",
        cast.pyotr,
        "in",
        said.at,
    )
    assert (made.subject, made.requester, made.company, made.project) == (
        "The printer",
        cast.svetlana,
        cast.orbita,
        cast.project,
    )
    hashes = [
        list(one.attachments.order_by("pk").values_list("file__sha256", "file__name"))
        for one in (said, first)
    ]
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == len(NAMES)
    who = actor(cast.anna)
    for here, there, words in (
        (ticket, made, "made a ticket of its own of a message"),
        (made, ticket, "Opened from a message of"),
    ):
        seen = access.get_for(who, here.number, Permission.TICKET_VIEW)
        assert [line.ticket for line in links.of(who, seen).lines] == [there]
        told = [line.text for entry in history.timeline(who, seen) for line in entry.lines]
        assert any(words in line and there.number in line for line in told)
    assert access.messages_for(actor(cast.pyotr), made).count() == 1


def test_only_what_the_customer_wrote(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    hidden = note(actor(cast.anna), ticket, Draft("A hidden marker"), via="web")
    ours = reply(actor(cast.anna), ticket, Draft("Our answer"), via="web")
    first = ticket.messages.order_by("pk").first()
    assert first is not None
    counts = (Ticket.objects.count(), Message.objects.count(), Attachment.objects.count())
    for message in (hidden, ours):
        with pytest.raises(ValidationError):
            split(actor(cast.anna), ticket, message.pk, "A subject", via="web")
    with pytest.raises(ValidationError):
        split(actor(cast.anna), ticket, first.pk, "  ", via="web")
    other = open_by(cast.zlata, cast.hosting).messages.get()
    for person, message, refusal in (
        (cast.observer, first, Forbidden),
        (cast.svetlana, first, Forbidden),
        (cast.boris, first, NotFound),
        (cast.anna, other, NotFound),
    ):
        with pytest.raises(refusal):
            split(actor(person), ticket, message.pk, "A subject", via="web")
    after = (Ticket.objects.count() - 1, Message.objects.count() - 1, Attachment.objects.count())
    assert after == counts


def test_once_a_message(cast: Cast) -> None:
    ticket = open_by(cast.svetlana, cast.hosting)
    message = ticket.messages.get()
    split(actor(cast.anna), ticket, message.pk, "One", via="web")
    with pytest.raises(ValidationError):
        split(actor(cast.anna), ticket, message.pk, "Two", via="web")


def test_a_partners_line_keeps_what_it_splits(cast: Cast) -> None:
    ticket = open_by(cast.kirill, cast.hosting)
    Ticket.objects.filter(pk=ticket.pk).update(custody="platform")
    message = ticket.messages.get()
    made = split(actor(cast.anna), ticket, message.pk, "One", via="web")
    assert Ticket.objects.get(pk=made.pk).custody == "platform"


def test_a_message_of_a_merged_ticket(cast: Cast) -> None:
    one, two = (open_by(cast.svetlana, cast.hosting, name) for name in ("One", "Two"))
    message = one.messages.get()
    merge(actor(cast.anna), one, two, via="web")
    made = split(actor(cast.anna), two, message.pk, "Apart", via="web")
    assert made.messages.get().text == message.text
