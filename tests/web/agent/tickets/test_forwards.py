"""Words of a ticket go to somebody outside, and only those that the customer reads (C19, C65)."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.test import Client

from firstline.events.models import Event
from firstline.mail.models import OutgoingMail
from firstline.people.models import Person
from firstline.tickets.actions.note import note
from firstline.tickets.actions.reply import reply
from firstline.tickets.messages import Draft, Enclosure
from firstline.tickets.models import Attachment, Message, Ticket
from tests.cast import Cast, actor, open_by
from tests.doors import Sink, letter, post
from tests.web.pages import html

SignIn = Callable[[Person], Client]
Settle = Callable[[], None]
VENDOR, MARKER = "vendor@maker.example", "marker-4711"
NAMES = ("ünïcödé Größe.bin", "two  blanks.bin", "журнал" + "x" * 180 + ".bin", "plain.bin")


def filled(stage: Cast) -> Ticket:
    """A ticket with words of both sides, files, and a hidden comment with a file."""
    ticket = open_by(stage.svetlana, stage.hosting)
    files = [Enclosure(name, name.encode() * 50) for name in NAMES]
    reply(actor(stage.svetlana), ticket, Draft("The fan is loud.", files=files), via="portal")
    hidden = Draft(f"Only for us {MARKER}", files=[Enclosure("inner.bin", MARKER.encode())])
    note(actor(stage.anna), ticket, hidden, via="web")
    reply(actor(stage.anna), ticket, Draft("We ask the maker."), via="web")
    return ticket


def forward(client: Client, ticket: Ticket, **fields: Any) -> Any:
    form = {"to": f"Maker <{VENDOR}>", "text": "Please look.", "message": "", **fields}
    return client.post(f"/tickets/{ticket.number}/forwards/", form)


def test_the_whole_conversation_and_its_files_go(
    stage: Cast, sink: Sink, settle: Settle, signed_in: SignIn
) -> None:
    ticket, anna = filled(stage), signed_in(stage.anna)
    public = Attachment.objects.filter(message__visibility="public").order_by("pk")
    window = html(anna.get(f"/tickets/{ticket.number}/forwards/"))
    assert "The fan is loud." in window
    assert MARKER not in window
    assert "inner.bin" not in window
    assert [f'value="{one.pk}" checked' in window for one in public] == [True] * len(NAMES)
    assert forward(anna, ticket, files=[one.pk for one in public]).status_code == 302
    settle()
    [mail] = sink.to(VENDOR)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "Please look." in text
    assert "The fan is loud." in text
    assert "We ask the maker." in text
    assert MARKER not in bytes(mail).decode("ascii")
    sent = [part.get_payload(decode=True) for part in mail.iter_attachments()]
    hashes = [hashlib.sha256(content).hexdigest() for content in sent]  # type: ignore[arg-type]
    assert hashes == [one.file.sha256 for one in public]
    page = html(anna.get(f"/tickets/{ticket.number}/"))
    assert "Forwarded outside" in page
    assert VENDOR in page
    portal = html(signed_in(stage.svetlana).get(f"/portal/tickets/{ticket.number}/"))
    assert "Please look." not in portal
    assert VENDOR not in portal
    assert sink.to(stage.svetlana.email)[-1]["Subject"] != mail["Subject"]


def test_one_message_goes_alone_and_the_answer_is_for_staff(
    stage: Cast, smtp: int, sink: Sink, settle: Settle, signed_in: SignIn
) -> None:
    ticket, anna = filled(stage), signed_in(stage.anna)
    settle()
    before = len(sink.raw)
    chosen = Message.objects.get(text="The fan is loud.")
    forward(anna, ticket, message=str(chosen.pk))
    settle()
    [mail] = sink.to(VENDOR)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "The fan is loud." in text
    assert "We ask the maker." not in text
    assert list(mail.iter_attachments()) == []
    address = str(mail["Reply-To"])
    post(smtp, letter(VENDOR, address, "Re: Fwd", "Replace it."), VENDOR, address)
    settle()
    answer = Message.objects.get(text__contains="Replace it.")
    assert (answer.is_foreign, answer.visibility, answer.ticket_id) == (True, "internal", ticket.pk)
    assert VENDOR in html(anna.get(f"/tickets/{ticket.number}/"))
    portal = html(signed_in(stage.svetlana).get(f"/portal/tickets/{ticket.number}/"))
    assert "Replace it." not in portal
    assert len(sink.raw) == before + 1  # the customer was told nothing


def test_nothing_internal_can_be_named(cast: Cast, settle: Settle, signed_in: SignIn) -> None:
    """C19"""
    ticket, anna = filled(cast), signed_in(cast.anna)
    hidden = Message.objects.get(kind="hidden")
    inner = Attachment.objects.get(message=hidden)
    other = open_by(cast.zlata, cast.equipment)
    foreign = other.messages.get()
    for fields in (
        {"message": str(hidden.pk)},
        {"message": str(foreign.pk)},
        {"message": "no"},
        {"files": [inner.pk]},
        {"files": ["no"]},
        {"to": ""},
        {"to": "x"},
        {"to": cast.hosting.address},
        {"to": "a@b.example\r\nBcc: c@d.example"},
        {"text": " "},
    ):
        assert forward(anna, ticket, **fields).status_code == 422, fields
    settle()
    assert not Message.objects.filter(kind="forward").exists()
    assert not OutgoingMail.objects.filter(kind="forwarded").exists()


def test_who_may_forward(cast: Cast, signed_in: SignIn) -> None:
    ticket = filled(cast)
    for name, expected in (
        ("administrator", 302),
        ("anna", 302),
        ("observer", 403),
        ("boris", 404),
        ("partner_agent", 404),
        ("svetlana", 404),
    ):
        before = Message.objects.count(), Event.objects.count()
        answer = forward(signed_in(getattr(cast, name)), ticket)
        assert answer.status_code == expected, name
        changed = (Message.objects.count(), Event.objects.count()) != before
        assert changed == (expected == 302), name
    assert forward(Client(), ticket).status_code == 401
