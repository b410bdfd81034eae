"""Ways into a mailbox: certificates, STARTTLS, OAuth 2; and mails that are too large (C48, C54)."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.core.exceptions import ValidationError

from firstline.mail.inbound.imap.account import Grant, account_of
from firstline.mail.models import Mailbox, RawMail
from firstline.tickets.models import Message
from tests import dovecot as imap
from tests.cast import Cast
from tests.mail.imap.conftest import join, mail, subjects, taken
from tests.waiting import wait_until

Reading = Callable[[], AbstractContextManager[Any]]
USER, TOKEN = "help@orbita.example", "at-1"


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


class _Provider(BaseHTTPRequestHandler):
    """Gives access tokens for a refresh token that it replaces each time, and says whose they are."""

    valid = "rt-0"

    def do_POST(self) -> None:  # the name is the library's
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if sent["refresh_token"] != [_Provider.valid] or sent["client_id"] != ["desk"]:
            self._answer(400, {"error": "invalid_grant"})
            return
        _Provider.valid = f"rt-{int(_Provider.valid[3:]) + 1}"
        self._answer(200, {"access_token": TOKEN, "refresh_token": _Provider.valid})

    def do_GET(self) -> None:
        known = self.path.endswith(f"={TOKEN}")
        self._answer(200 if known else 401, {"email": USER, "active": True} if known else {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are silent."""


@pytest.fixture
def provider() -> Iterator[str]:
    """The address of a provider of tokens."""
    _Provider.valid = "rt-0"
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Provider)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/token"
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_mailbox_is_read_by_oauth(
    stage: Cast, allowed: None, reading: Reading, provider: str
) -> None:
    with imap.server(introspection=provider) as server:
        wrong = Grant(provider, "desk", "", "stolen")
        with pytest.raises(ValidationError, match="invalid_grant"):
            join(stage, server, uses_oauth=True, password="", grant=wrong)
        mailbox = join(
            stage, server, uses_oauth=True, password="", grant=Grant(provider, "desk", "", "rt-0")
        )
        _Provider.valid = "rt-0"  # as providers do that let the first one live on
        server.put(mail(1))
        with reading():
            wait_until(taken(1))
    kept = account_of(Mailbox.objects.get(pk=mailbox.pk)).grant
    assert kept is not None
    assert kept.refresh_token == _Provider.valid == "rt-1"
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
