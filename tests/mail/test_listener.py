"""The listener: what it takes, what it refuses, and that 250 means stored."""

import smtplib
from collections.abc import Callable
from typing import Any

import pytest

from firstline.files import store
from firstline.mail.models import RawMail
from firstline.tickets.models import Ticket
from tests.cast import Cast
from tests.doors import letter, post, smtp_listener

CUSTOMER = "svetlana@orbita.example"


def test_250_means_stored_before_anything_is_read(stage: Cast, smtp: int) -> None:
    mail = letter(CUSTOMER, stage.hosting.address, "Help", "The site is down.")
    post(smtp, mail, CUSTOMER, stage.hosting.address)
    row = RawMail.objects.get()
    assert (row.state, row.outcome, row.source) == ("waiting", "", "smtp")
    assert b"The site is down." in store.read(row.sha256)
    assert Ticket.objects.count() == 0


def test_an_unknown_recipient_is_refused(stage: Cast, smtp: int) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        post(
            smtp, letter(CUSTOMER, "nobody@desk.example", "a", "b"), CUSTOMER, "nobody@desk.example"
        )
    assert refusal.value.recipients["nobody@desk.example"][0] == 550
    assert RawMail.objects.count() == 0


def test_a_mail_that_cannot_be_stored_stays_with_its_sender(
    stage: Cast, smtp: int, settings: Any, tmp_path: Any
) -> None:
    wall = tmp_path / "file"
    wall.write_text("a file where a folder should be")
    settings.FILES_FOLDER = wall
    mail = letter(CUSTOMER, stage.hosting.address, "Help", "The site is down.")
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        post(smtp, mail, CUSTOMER, stage.hosting.address)
    assert refusal.value.smtp_code == 451
    assert RawMail.objects.count() == 0


def test_an_oversize_mail_is_refused_before_250(
    stage: Cast, settings: Any, monkeypatch: Any
) -> None:
    settings.MAIL_LIMIT = 100_000
    mail = letter(CUSTOMER, stage.hosting.address, "Big", "x" * 200_000)
    with smtp_listener() as port, pytest.raises(smtplib.SMTPResponseException) as refusal:
        post(port, mail, CUSTOMER, stage.hosting.address)
    assert refusal.value.smtp_code == 552
    assert b"larger than the 1 MB that are taken here" in refusal.value.smtp_error
    assert RawMail.objects.count() == 0


@pytest.mark.parametrize("line", ["x" * 70 + "\r\n", "x" * 70], ids=["lines", "one line"])
def test_lmtp_refuses_an_oversize_mail_for_each_recipient(
    stage: Cast, settings: Any, monkeypatch: Any, line: str
) -> None:
    settings.MAIL_LIMIT = 100_000
    monkeypatch.setattr("firstline.mail.inbound.listener.AnyLengthSMTP.line_length_limit", 100_000)
    both = [stage.hosting.address, stage.equipment.address]
    with smtp_listener("lmtp") as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo("client.example")
        client.mail(CUSTOMER)
        for address in both:
            client.rcpt(address)
        client.putcmd("data")
        client.getreply()
        client.send(b"Subject: big\r\n\r\n" + line.encode() * 3_000 + b"\r\n.\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [552, 552]
        assert client.noop()[0] == 250
    assert RawMail.objects.count() == 0


def test_lines_of_any_length_are_taken(stage: Cast, smtp: int, settle: Callable[[], None]) -> None:
    raw = f"From: {CUSTOMER}\r\nSubject: long\r\n\r\n{'word ' * 20_000}\r\n".encode()
    post(smtp, raw, CUSTOMER, stage.hosting.address)
    settle()
    assert Ticket.objects.get().subject == "long"


def test_lmtp_answers_for_each_recipient(stage: Cast) -> None:
    both = [stage.hosting.address, stage.equipment.address]
    with smtp_listener("lmtp") as port, smtplib.LMTP("127.0.0.1", port) as client:
        client.ehlo("client.example")
        client.mail(CUSTOMER)
        for address in both:
            assert client.rcpt(address)[0] == 250
        client.putcmd("data")
        assert client.getreply()[0] == 354
        client.send(letter(CUSTOMER, both[0], "Two", "For both.").as_bytes() + b"\r\n.\r\n")
        assert [client.getreply()[0], client.getreply()[0]] == [250, 250]
    assert sorted(RawMail.objects.values_list("recipient", flat=True)) == sorted(both)


def test_each_copy_is_taken_once_for_each_address(
    stage: Cast, smtp: int, settle: Callable[[], None]
) -> None:
    """C58: no id twice, same id and bytes twice, same id and other bytes, same id to two boxes."""
    desk, other = stage.hosting.address, stage.equipment.address
    same = letter(CUSTOMER, desk, "Same", "One text.", Message_ID="<1@orbita.example>")
    for _time in range(2):
        post(smtp, same, CUSTOMER, desk)
    post(
        smtp,
        letter(CUSTOMER, desk, "Same", "Other text.", Message_ID="<1@orbita.example>"),
        CUSTOMER,
        desk,
    )
    post(smtp, same, CUSTOMER, other)
    nameless = letter(CUSTOMER, desk, "No id", "Text.")
    for _time in range(2):
        post(smtp, nameless, CUSTOMER, desk)
    settle()
    assert RawMail.objects.count() == 4
    assert Ticket.objects.filter(department=stage.hosting).count() == 3
    assert Ticket.objects.filter(department=stage.equipment).count() == 1
