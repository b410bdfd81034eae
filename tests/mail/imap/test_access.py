"""Ways into a mailbox: certificates, STARTTLS, OAuth 2; and mails that are too large (C48, C54)."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from firstline.mail.inbound.imap.account import Grant, account_of
from firstline.mail.models import Mailbox, RawMail
from firstline.tickets.models import Message
from tests import dovecot as imap
from tests.cast import Cast
from tests.mail.imap.conftest import join, mail, subjects, taken
from tests.provider import Provider, oauth_provider
from tests.waiting import wait_until

Reading = Callable[[], AbstractContextManager[Any]]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_certificates_are_checked(
    stage: Cast, allowed: None, reading: Reading, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with imap.server(tls=True) as server:
        port = server.tls_port if security == "tls" else server.port
        where = {"security": security, "port": port}
        with pytest.raises(ValidationError, match="certificate is not valid"):
            join(stage, server, host="localhost", **where)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        with pytest.raises(ValidationError, match="certificate is not valid"):
            join(stage, server, host="127.0.0.1", **where)  # another name than the certificate's
        join(stage, server, host="localhost", **where)
        server.put(mail(1))
        with reading():
            wait_until(taken(1))
    assert subjects() == ["Mail 1"]


@pytest.fixture
def provider() -> Iterator[Provider]:
    """A provider of tokens that replaces the refresh token each time."""
    with oauth_provider() as made:
        yield made


def test_a_mailbox_is_read_by_oauth(
    stage: Cast, allowed: None, reading: Reading, provider: Provider
) -> None:
    with imap.server(introspection=provider.token_url) as server:
        wrong = Grant(provider.token_url, "desk", "", "stolen")
        with pytest.raises(ValidationError, match="invalid_grant"):
            join(stage, server, uses_oauth=True, password="", grant=wrong)
        mailbox = join(
            stage,
            server,
            uses_oauth=True,
            password="",
            grant=Grant(provider.token_url, "desk", "", "rt-0"),
        )
        provider.valid = "rt-0"  # as providers do that let the first one live on
        server.put(mail(1))
        with reading():
            wait_until(taken(1))
    kept = account_of(Mailbox.objects.get(pk=mailbox.pk)).grant
    assert kept is not None
    assert kept.refresh_token == provider.valid == "rt-1"
    assert "rt-" not in Mailbox.objects.get().secret


def test_a_mail_that_is_too_large_becomes_a_note(
    stage: Cast, allowed: None, reading: Reading, settings: Any
) -> None:
    settings.MAIL_LIMIT = 3_000_000
    large, larger = (
        mail("large", "x" * 78 + "\r\n" + "y\r\n" * 900_000),
        mail("larger", "z\r\n" * 1_200_000),
    )
    with imap.server() as server:
        join(stage, server)
        server.put(large, larger, mail("small"))
        before = server.contents()
        with reading():
            wait_until(taken(3))
        assert server.contents() == before
    assert sorted(subjects()) == ["Mail large", "Mail larger", "Mail small"]
    assert RawMail.objects.filter(size=len(large)).exists()
    note = Message.objects.get(ticket__subject="Mail larger")
    assert "lies untouched in the mailbox" in note.text
    assert note.author is not None
    assert note.author.email == "svetlana@orbita.example"
