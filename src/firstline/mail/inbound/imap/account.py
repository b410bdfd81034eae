"""What a mailbox is reached with. Its secret is closed in the database and opened only here."""

import json
from dataclasses import asdict, dataclass, field

from firstline.base import secrets
from firstline.mail.inbound.imap.trouble import Trouble
from firstline.mail.models import Mailbox


@dataclass(frozen=True, slots=True)
class Grant:
    """What OAuth 2 gives access tokens for (RFC 6749, 6). Without a refresh token nobody signed in yet.

    `authorize_url` and `scope` are empty where they are the known provider's own.
    """

    token_url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    authorize_url: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is and how we prove that it is ours; `token` is an access token at hand."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(default="", repr=False)
    grant: Grant | None = None
    mailbox_id: int = 0
    token: str = field(default="", repr=False)

    @property
    def uses_oauth(self) -> bool:
        return self.grant is not None


def account_of(mailbox: Mailbox) -> Account:
    """The account of a mailbox. Raises Trouble if its secret can't be opened."""
    try:
        secret = secrets.open_(mailbox.secret) if mailbox.secret else ""
    except secrets.Unreadable as problem:
        raise Trouble("secret") from problem
    where = {name: getattr(mailbox, name) for name in ("host", "port", "security", "user")}
    if mailbox.uses_oauth:
        return Account(**where, grant=Grant(**json.loads(secret)), mailbox_id=mailbox.pk)
    return Account(**where, password=secret, mailbox_id=mailbox.pk)


def closed(password: str, grant: Grant | None) -> str:
    """The password or the grant as it may be stored."""
    if grant is None:
        return secrets.close(password) if password else ""
    return secrets.close(json.dumps(asdict(grant)))
