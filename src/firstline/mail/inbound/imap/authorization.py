"""Where an administrator signs in at the provider: the authorization code with PKCE (RFC 6749, 7636).

Nothing secret stands in the address: the verifier stays here, and the code that comes back is worth
nothing without it.
"""

import base64
import hashlib
import secrets
from urllib.parse import urlencode, urlsplit

from firstline.base import outside
from firstline.mail.inbound.imap.account import Account, Grant
from firstline.mail.inbound.imap.oauth import is_fit
from firstline.mail.presets import preset_of_host


def page_of(host: str, grant: Grant) -> str:
    """The provider's page for signing in: the typed one, or the known provider's own, or ''."""
    known = preset_of_host(host)
    if grant.authorize_url or known is None:
        return grant.authorize_url
    return known.authorize_url_beside(grant.token_url)


def is_page(url: str) -> bool:
    """Whether people may be sent there: by https and outside, or where the configuration lists it."""
    try:
        parts = urlsplit(url)
        plain = url.isascii() and url.isprintable() and " " not in url and not parts.username
        return plain and is_fit(url) and not outside.names_inside(parts.hostname or "")
    except ValueError:
        return False


def fresh_words() -> tuple[str, str]:
    """A state and a verifier that nobody can guess."""
    return secrets.token_urlsafe(32), secrets.token_urlsafe(48)


def address(account: Account, grant: Grant, callback: str, state: str, verifier: str) -> str:
    """The address to send the administrator to."""
    known, page = preset_of_host(account.host), urlsplit(page_of(account.host, grant))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    wanted = {
        "response_type": "code",
        "client_id": grant.client_id,
        "redirect_uri": callback,
        "scope": grant.scope or (known.scope if known else ""),
        "state": state,
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
        "login_hint": account.user if "@" in account.user else "",
    }
    wanted |= dict(known.asks if known else ())
    query = urlencode({name: text for name, text in wanted.items() if text})
    query = f"{page.query}&{query}" if page.query else query
    return page._replace(query=query, fragment="").geturl()
