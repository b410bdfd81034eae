"""Tokens of OAuth 2: for what a sign-in at the provider brought, and then for a refresh token."""

import http.client
import json
import re
import socket
import ssl
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from firstline.base import outside
from firstline.base.db import atomic
from firstline.mail.inbound.imap.account import Account, Grant, account_of, closed
from firstline.mail.inbound.imap.trouble import Trouble
from firstline.mail.models import Mailbox

SECONDS = 15.0
LIMIT = 64 * 1024


def access_token(account: Account) -> str:
    """A fresh access token. A refresh token that was replaced is kept. Raises Trouble, OSError."""
    grant = account.grant
    if account.token:
        return account.token
    if grant is None or not grant.refresh_token:
        raise Trouble("unsigned")
    fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
    answer = _ask(grant.token_url, fields | _client(grant))
    token, following = _text(answer, "access_token"), _text(answer, "refresh_token")
    if not token:
        raise Trouble("client" if _is_of_client(answer) else "token", _word(answer))
    if following and following != grant.refresh_token:
        _keep(account, grant, following)
    return token


def exchange(grant: Grant, code: str, verifier: str, callback: str) -> tuple[str, str]:
    """The access and the refresh token for a code (RFC 6749, 4.1.3; RFC 7636, 4.5). Raises Trouble."""
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
    answer = _ask(grant.token_url, fields | {"code_verifier": verifier} | _client(grant))
    token, refresh = _text(answer, "access_token"), _text(answer, "refresh_token")
    if token and refresh:
        return token, refresh
    if token:
        raise Trouble("refresh")
    if _is_of_client(answer):
        raise Trouble("client", _word(answer))
    if answer.get("error") == "invalid_grant":
        raise Trouble("code")
    raise Trouble("answer", _word(answer))


def word_of(error: str, description: str = "") -> str:
    """The provider's error as it may be shown and kept: a word, and Microsoft's number."""
    number = re.search(r"AADSTS\d{1,9}", description)
    word = error if re.fullmatch(r"[\w.-]{1,60}", error, re.ASCII) else "?"
    return f"{word} ({number[0]})" if number else word


def _word(answer: dict[str, Any]) -> str:
    return word_of(
        str(answer.get("error") or "no-access-token"), str(answer.get("error_description") or "")
    )


def _is_of_client(answer: dict[str, Any]) -> bool:
    return answer.get("error") in {"invalid_client", "unauthorized_client"}


def _client(grant: Grant) -> dict[str, str]:
    fields = {"client_id": grant.client_id, "client_secret": grant.client_secret}
    return {name: text for name, text in fields.items() if text}


def _text(answer: dict[str, Any], name: str) -> str:
    text = answer.get(name)
    return text if isinstance(text, str) and text.isprintable() else ""


def _ask(url: str, fields: dict[str, str]) -> dict[str, Any]:
    """The token endpoint's answer; it follows no redirection."""
    parts = urlsplit(url)
    if not is_fit(url):
        raise Trouble("silent")
    kind = _Tls if parts.scheme == "https" else _Plain
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target or "/", urlencode(fields), headers)
        response = connection.getresponse()
        answer = json.loads(response.read(LIMIT))
        if response.status >= 500 or response.status == 429:
            raise ValueError(response.status)  # what it says then will be another thing soon
    except (OSError, http.client.HTTPException, ValueError) as problem:
        # one sentence for all of them: whether something answers there is nobody's business
        raise Trouble("silent") from problem
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}


def is_fit(url: str) -> bool:
    """Whether secrets may be sent there: by https, or to a host that the configuration lists."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return bool(host and parts.port != 0) and (
            parts.scheme == "https" or (parts.scheme == "http" and outside.is_allowed(host))
        )
    except ValueError:
        return False


class _Plain(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock: socket.socket = outside.connect(self.host, self.port, SECONDS)


class _Tls(http.client.HTTPSConnection):
    def connect(self) -> None:
        door = outside.connect(self.host, self.port, SECONDS)
        self.sock = ssl.create_default_context().wrap_socket(door, server_hostname=self.host)


def _keep(account: Account, grant: Grant, refresh_token: str) -> None:
    """The provider replaced the refresh token: the next time the new one is needed.

    Unless somebody signed in anew meanwhile: then what we replaced is not the mailbox's any more.
    """
    with atomic():
        rows = Mailbox.objects.select_for_update().filter(uses_oauth=True)
        row = rows.filter(pk=account.mailbox_id).first()
        kept = account_of(row).grant if row is not None else None
        if row is not None and kept and kept.refresh_token == grant.refresh_token:
            secret = closed("", replace(kept, refresh_token=refresh_token))
            Mailbox.objects.filter(pk=row.pk).update(secret=secret)
