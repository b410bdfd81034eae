"""Access tokens of OAuth 2, asked for with the refresh token that an administrator entered."""

import http.client
import json
import socket
import ssl
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from firstline.base import outside
from firstline.mail.inbound.imap.account import Account, Grant, closed
from firstline.mail.inbound.imap.trouble import Trouble
from firstline.mail.models import Mailbox

SECONDS = 15.0
LIMIT = 64 * 1024


def access_token(account: Account) -> str:
    """A fresh access token. A refresh token that was replaced is kept. Raises Trouble, OSError."""
    grant = account.grant
    if grant is None:
        raise Trouble("token", "no refresh token")
    fields = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
    fields |= {"client_id": grant.client_id, "client_secret": grant.client_secret}
    answer = _ask(grant.token_url, {name: text for name, text in fields.items() if text})
    token, following = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(token, str) or not token.isprintable() or not token:
        raise Trouble("token", str(answer.get("error") or "no access token"))
    if isinstance(following, str) and following and following != grant.refresh_token:
        _keep(account, grant, following)
    return token


def _ask(url: str, fields: dict[str, str]) -> dict[str, Any]:
    """The token endpoint's answer; it follows no redirection."""
    parts = urlsplit(url)
    if not is_fit(url):
        raise Trouble("token", "not an https address")
    kind = _Tls if parts.scheme == "https" else _Plain
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target or "/", urlencode(fields), headers)
        answer = json.loads(connection.getresponse().read(LIMIT))
    except (OSError, http.client.HTTPException, ValueError) as problem:
        # one sentence for all of them: whether something answers there is nobody's business
        raise Trouble("token", "the token address does not answer as it should") from problem
    finally:
        connection.close()
    return answer if isinstance(answer, dict) else {}


def is_fit(url: str) -> bool:
    """Whether secrets may be sent there: by https, or to a host that the configuration lists."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        return bool(host) and (
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
    """The provider replaced the refresh token: the next time the new one is needed."""
    if account.mailbox_id:
        secret = closed("", replace(grant, refresh_token=refresh_token))
        Mailbox.objects.filter(pk=account.mailbox_id, uses_oauth=True).update(secret=secret)
