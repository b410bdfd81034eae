"""A little provider of OAuth 2 for tests: a page to sign in at, an address that gives tokens, and one
that says whose a token is. It holds to PKCE, to the redirect address and to each code's one use.
"""

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

USER, TOKEN = "help@orbita.example", "at-1"


@dataclass
class Provider:
    """What the provider knows. `mood`: "", denied, refused, fleeting (no refresh token), broken."""

    url: str = ""
    valid: str = "rt-0"  # the refresh token; each use replaces it
    secret: str = ""
    email: str = USER  # who signs in
    mood: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)  # at the page to sign in

    @property
    def token_url(self) -> str:
        return f"{self.url}/token"

    @property
    def authorize_url(self) -> str:
        return f"{self.url}/authorize?tenant=orbita"

    def authorize(self, sent: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked.append(sent)
        assert sent["response_type"] == "code"
        assert sent["code_challenge_method"] == "S256"
        back = {"state": sent["state"]}
        if self.mood == "denied":
            back |= {"error": "access_denied", "error_description": "<b>No</b>"}
        elif self.mood == "refused":
            back |= {"error": "invalid_scope", "error_description": "AADSTS70011: no such scope"}
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = sent
            back |= {"code": code}
        return f"{sent['redirect_uri']}?{urlencode(back)}"

    def give(self, sent: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Tokens for a code or a refresh token."""
        if sent.get("client_id") != "desk" or sent.get("client_secret", "") != self.secret:
            return 401, {"error": "invalid_client", "error_description": "AADSTS7000215: wrong"}
        if sent["grant_type"] == "authorization_code":
            begun = self.codes.pop(sent["code"], None)
            digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if begun is None or (begun["code_challenge"], begun["redirect_uri"]) != (
                challenge,
                sent["redirect_uri"],
            ):
                return 400, {"error": "invalid_grant"}
            if self.mood == "fleeting":
                return 200, {"access_token": TOKEN}
        elif sent["refresh_token"] != self.valid:
            return 400, {"error": "invalid_grant"}
        self.valid = f"rt-{int(self.valid[3:]) + 1}"
        return 200, {"access_token": TOKEN, "refresh_token": self.valid}


class _Door(BaseHTTPRequestHandler):
    provider: Provider

    def do_POST(self) -> None:  # the name is the library's
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.provider.mood == "broken":
            self._answer(502, None)
        else:
            self._answer(*self.provider.give(dict(parse_qsl(text))))

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        sent = dict(parse_qsl(parts.query))
        if parts.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(sent))
            self.end_headers()
        elif sent.get("token") == TOKEN:
            self._answer(200, {"email": self.provider.email, "active": True})
        else:
            self._answer(401, {})

    def _answer(self, status: int, body: dict[str, Any] | None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"<html>" if body is None else json.dumps(body).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are silent."""


@contextmanager
def oauth_provider() -> Iterator[Provider]:
    """A provider that answers on this machine."""
    made = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Door", (_Door,), {"provider": made}))
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
