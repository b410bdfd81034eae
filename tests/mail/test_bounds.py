"""What one client of the listener may take up, tried by clients that want more."""

import smtplib
import socket
import time
from contextlib import ExitStack, suppress
from typing import Any

import pytest

from firstline.mail.models import RawMail
from tests.cast import Cast
from tests.doors import letter, post, smtp_listener

CUSTOMER = "svetlana@orbita.example"


def said(client: socket.socket) -> bytes:
    """All that the listener says until it hangs up, or is silent for long."""
    found = b""
    with suppress(ConnectionError):
        while piece := client.recv(65536):
            found += piece
    return found


def connect(port: int) -> socket.socket:
    """A connection that has read the greeting."""
    client = socket.create_connection(("127.0.0.1", port), timeout=20)
    assert client.recv(1000).startswith(b"220 ")
    return client


def test_recipients_beyond_a_hundred_wait_for_another_mail(stage: Cast, smtp: int) -> None:
    desk = stage.hosting.address
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.ehlo("client.example")
        client.mail(CUSTOMER)
        answers = [client.rcpt(desk)[0] for _one in range(150)]
        assert answers == [250] * 100 + [452] * 50
        assert client.data(letter(CUSTOMER, desk, "To many", "Text.").as_bytes())[0] == 250
        client.sendmail(CUSTOMER, [desk], b"Subject: the rest\r\n\r\nText.")
    assert RawMail.objects.count() == 2


def test_whoever_guesses_addresses_is_hung_up_on(stage: Cast, smtp: int) -> None:
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.ehlo("client.example")
        client.mail(CUSTOMER)
        answers = [client.rcpt(f"guess{number}@desk.example")[0] for number in range(21)]
        assert answers == [550] * 20 + [421]
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()
    post(smtp, letter(CUSTOMER, stage.hosting.address, "a", "b"), CUSTOMER, stage.hosting.address)


def test_commands_that_do_nothing_have_an_end(stage: Cast, smtp: int) -> None:
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        client.ehlo("client.example")
        assert {client.noop()[0] for _time in range(100)} == {250}
        assert client.noop()[0] == 421


@pytest.mark.parametrize("begin", [b"", b"EHLO x\r\n", b"NOOP " + b"a" * 100_000])
def test_whoever_is_silent_is_told_and_hung_up_on(stage: Cast, settings: Any, begin: bytes) -> None:
    settings.SMTP_SECONDS = 0.5
    with smtp_listener() as port, connect(port) as client:
        client.sendall(begin)
        begun = time.monotonic()
        assert said(client).endswith(b"421 4.4.2 Nothing came for too long\r\n")
        assert time.monotonic() - begun < 5


def drip(client: socket.socket | None, seconds: float = 10) -> None:
    """Send a line now and then. Raises ConnectionError when nobody listens any more."""
    begun = time.monotonic()
    while client and time.monotonic() - begun < seconds:
        client.sendall(b"word\r\n")
        time.sleep(0.2)


def test_a_mail_that_never_ends_is_cut_off(stage: Cast, settings: Any) -> None:
    settings.SMTP_SECONDS = 1.0
    desk = stage.hosting.address
    with smtp_listener() as port, smtplib.SMTP("127.0.0.1", port, timeout=20) as client:
        client.ehlo("client.example")
        client.mail(CUSTOMER)
        client.rcpt(desk)
        client.docmd("DATA")
        with pytest.raises(ConnectionError):
            drip(client.sock)
    assert RawMail.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "most"), [("SMTP_CONNECTIONS_PER_CLIENT", 5), ("SMTP_CONNECTIONS", 5)]
)
def test_so_many_connections_and_no_more(stage: Cast, settings: Any, name: str, most: int) -> None:
    setattr(settings, name, most)
    desk = stage.hosting.address
    with smtp_listener() as port:
        with ExitStack() as stack:
            for _client in range(most):
                stack.enter_context(connect(port))
            for _late in range(3):
                with socket.create_connection(("127.0.0.1", port), timeout=20) as late:
                    assert said(late).startswith(b"421 4.3.2 Too many connections")
        time.sleep(0.2)
        post(port, letter(CUSTOMER, desk, "Later", "Text."), CUSTOMER, desk)
    assert RawMail.objects.count() == 1


def test_a_command_of_any_length_takes_no_memory(stage: Cast, smtp: int) -> None:
    """Of a line without an end the listener reads on without keeping it: 32 MB of it do no harm."""
    with connect(smtp) as client:
        for _piece in range(32):
            client.sendall(b"a" * 1024**2)
        client.sendall(b"\r\nNOOP\r\nQUIT\r\n")
        assert said(client).splitlines()[0] == b"500 Command line too long"


def test_a_mail_after_a_mail_may_have_long_lines(stage: Cast, smtp: int) -> None:
    desk = stage.hosting.address
    raw = f"From: {CUSTOMER}\r\nSubject: long\r\n\r\n{'word ' * 40_000}\r\n"
    with smtplib.SMTP("127.0.0.1", smtp, timeout=20) as client:
        for number in range(3):
            client.sendmail(CUSTOMER, [desk], raw + str(number))
    assert RawMail.objects.count() == 3


def test_nonsense_is_refused_without_words_of_the_program(stage: Cast, smtp: int) -> None:
    with connect(smtp) as client:
        client.sendall(b"EHLO x.example\r\n")
        client.sendall("MAIL FROM:<a@b.example> SIZE=\u00b2 SMTPUTF8\r\nQUIT\r\n".encode())
        answer = said(client).splitlines()[-2]  # before the one to QUIT
        assert answer[:1] in (b"4", b"5")
        assert b"Error: (" not in answer
