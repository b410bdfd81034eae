"""A real Dovecot, mailboxes in it, and the desk's readers."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from firstline.mail.actions.mailboxes import join_mailbox, moments
from firstline.mail.inbound import digest
from firstline.mail.inbound.imap import readers
from firstline.mail.inbound.imap.readers import Readers
from firstline.mail.models import Mailbox, RawMail
from firstline.mail.wishes import Wishes
from firstline.tickets.models import Ticket
from tests import dovecot as imap
from tests.cast import Cast, actor

ADDRESS = "help@orbita.example"


@pytest.fixture
def allowed(settings: Any) -> None:
    """Mail servers on this machine may be asked."""
    settings.MAIL_HOSTS_ALLOWED = ["127.0.0.1", "localhost"]


@pytest.fixture
def dovecot(allowed: None) -> Iterator[imap.Server]:
    """A mail server."""
    with imap.server() as server:
        yield server


def wishes(stage: Cast, server: imap.Server, **changes: Any) -> Wishes:
    """A mailbox at this server as an administrator would enter it."""
    values: dict[str, Any] = {
        "address": ADDRESS,
        "department": stage.hosting,
        "host": "127.0.0.1",
        "port": server.port,
        "security": "none",
        "password": imap.PASSWORD,
    }
    return Wishes(**values | changes)


def join(stage: Cast, server: imap.Server, **changes: Any) -> Mailbox:
    """A mailbox that is joined now."""
    wanted = wishes(stage, server, **changes)
    who = actor(stage.administrator)
    return join_mailbox(who, wanted, moments(who, wanted), via="web")


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[Readers]]:
    """The desk reads its mailboxes inside `with reading():`."""
    monkeypatch.setattr(readers, "LOOK", 0.05)

    @contextmanager
    def run() -> Iterator[Readers]:
        running = Readers()
        running.start()
        try:
            yield running
        finally:
            begun = time.monotonic()
            running.stop()
            assert time.monotonic() - begun < 5, "it did not stop within seconds"

    return run


def mail(number: int | str, text: str = "It does not work.", **headers: str) -> bytes:
    """A mail of a customer as a server keeps it."""
    fields = {"From": "Svetlana <svetlana@orbita.example>", "To": ADDRESS}
    fields |= {"Subject": f"Mail {number}", "Message-ID": f"<{number}@orbita.example>"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in fields.items() if value]
    return "\r\n".join([*lines, "", text, ""]).encode()


def taken(number: int) -> Callable[[], bool]:
    """Whether so many mails are stored."""
    return lambda: RawMail.objects.count() >= number


def caught_up(mailbox: Mailbox) -> Callable[[], bool]:
    """Whether the mailbox was read to its end after this call."""
    before = Mailbox.objects.get(pk=mailbox.pk).read_at

    def look() -> bool:
        row = Mailbox.objects.get(pk=mailbox.pk)
        return row.read_at is not None and row.read_at != before and row.failing_since is None

    return look


def subjects() -> list[str]:
    """Of the tickets that came of the mails, in the order of their numbers."""
    while digest.sweep():
        pass
    return list(Ticket.objects.order_by("pk").values_list("subject", flat=True))
