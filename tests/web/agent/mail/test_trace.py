"""Why a mail stands in a ticket: told at its message, and tried again without a trace."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from firstline.events.models import Event, Reaction
from firstline.mail.inbound.take import take
from firstline.mail.models import OutgoingMail, RawMail
from firstline.people.models import Person
from firstline.tickets.models import Message, Ticket
from tests.cast import Cast
from tests.web.pages import html

SignedIn = Callable[[Person], Client]
RAW = (
    b"From: Svetlana <svetlana@orbita.example>\r\nTo: hosting@desk.example\r\nSubject: It is down\r\n"
    b"Message-ID: <first@orbita.example>\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\n\r\nThe site is down.\r\n--b\r\nContent-Type: text/plain\r\n"
    b"Content-Disposition: attachment; filename=log.txt\r\n\r\n502\r\n--b--\r\n"
)


@pytest.fixture
def message(cast: Cast, settle: Callable[[], None]) -> Message:
    """A message that came by mail and opened a ticket."""
    take(RAW, sender="s@orbita.example", recipients=["hosting@desk.example"], source="hook")
    settle()
    return Message.objects.select_related("ticket").get(header_id="<first@orbita.example>")


def address(message: Message, noun: str = "trace") -> str:
    return f"/tickets/{message.ticket.number}/messages/{message.pk}/{noun}/"


def everything() -> tuple[Any, ...]:
    """All that reading a mail can write."""
    kinds = (Ticket, Message, Event, Reaction, OutgoingMail, RawMail, Person)
    return tuple(list(kind.objects.order_by("pk").values()) for kind in kinds)


def test_the_message_leads_to_why_it_stands_there(
    cast: Cast, message: Message, signed_in: SignedIn
) -> None:
    anna, mail = signed_in(cast.anna), RawMail.objects.get()
    assert f'href="{address(message)}"' in html(anna.get(f"/tickets/{message.ticket.number}/"))
    page = html(anna.get(address(message)))
    facts = ("A person wrote it.", f"It opened {message.ticket.number}.", "Web hook", mail.sha256)
    for said in (*facts, "hosting@desk.example", "s@orbita.example", "The site is down."):
        assert said in page
    assert f'href="{address(message, "source")}"' in page
    assert "/retries/" not in page


def test_whoever_has_the_ticket_now_reads_it(
    cast: Cast, message: Message, signed_in: SignedIn
) -> None:
    Ticket.objects.update(department=cast.equipment)
    codes = {
        name: signed_in(getattr(cast, name)).get(address(message)).status_code
        for name in ("anna", "boris")
    }
    assert codes == {"anna": 404, "boris": 200}


@pytest.mark.parametrize("way", ["ticket", "list"])
def test_a_replay_shows_both_and_changes_nothing(
    cast: Cast, message: Message, signed_in: SignedIn, settle: Callable[[], None], way: str
) -> None:
    mail = RawMail.objects.get()
    here = address(message, "replays") if way == "ticket" else f"/mail/{mail.pk}/replays/"
    anna = signed_in(cast.anna)
    assert f'action="{here}"' in html(
        anna.get(here.replace("replays", "trace") if way == "ticket" else f"/mail/{mail.pk}/")
    )
    before = everything()
    page = html(anna.post(here))
    assert everything() == before
    settle()
    assert everything() == before
    assert page.count("log.txt") == 2
    assert page.count("Svetlana <svetlana@orbita.example>") == 2
    assert f"It opened {message.ticket.number}." in page
    assert "It would open a ticket of its own." in page
    assert "nothing is changed, and nobody is written to" in page


def test_a_replay_follows_the_rules_of_today(
    cast: Cast, message: Message, signed_in: SignedIn
) -> None:
    cast.hosting.address = "elsewhere@desk.example"
    cast.hosting.save()
    page = html(signed_in(cast.anna).post(address(message, "replays")))
    assert "No department takes mail for hosting@desk.example." in page


def test_a_replay_that_fails_says_so(
    cast: Cast, message: Message, signed_in: SignedIn, monkeypatch: Any
) -> None:
    def broken(*_: Any) -> None:
        Ticket.objects.update(subject="Changed")
        raise LookupError("s3cret")

    monkeypatch.setattr("firstline.mail.replay.place", broken)
    page = html(signed_in(cast.anna).post(address(message, "replays")))
    assert "Today it fails: LookupError." in page
    assert "s3cret" not in page
    assert Ticket.objects.get().subject == "It is down"


def test_who_may_read_and_try_it(cast: Cast, message: Message, signed_in: SignedIn) -> None:
    before = everything()
    seen = {"administrator": 200, "supervisor": 200, "anna": 200, "observer": 403}
    seen |= {"boris": 404, "partner_agent": 404, "svetlana": 404, "zlata": 404}
    for name, code in seen.items():
        client = signed_in(getattr(cast, name))
        assert client.get(address(message)).status_code == code, name
        assert client.post(address(message, "replays")).status_code == code, name
        listed = {"partner_agent": 403}.get(name, code)
        listing = f"/mail/{RawMail.objects.get().pk}/replays/"
        assert client.post(listing).status_code == listed, name
    assert Client().get(address(message)).status_code == 302
    assert Client().post(address(message, "replays")).status_code == 401
    assert signed_in(cast.anna).get(address(message, "replays")).status_code == 405
    after = everything()
    assert after[:6] == before[:6]


def test_a_message_that_was_no_mail_has_no_trace(
    cast: Cast, message: Message, signed_in: SignedIn
) -> None:
    RawMail.objects.update(message=None)
    assert signed_in(cast.anna).get(address(message)).status_code == 404
    assert signed_in(cast.anna).post(address(message, "replays")).status_code == 404
