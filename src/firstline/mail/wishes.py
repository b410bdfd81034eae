"""A mailbox as an administrator wants it: tidied, compared with what is kept, and checked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from firstline.base.lines import one_line
from firstline.mail import addresses
from firstline.mail.inbound.imap.account import Account, Grant, account_of
from firstline.mail.inbound.imap.authorization import is_page, page_of
from firstline.mail.inbound.imap.oauth import is_fit
from firstline.mail.inbound.imap.trouble import Answered, Trouble
from firstline.mail.models import Mailbox
from firstline.mail.presets import preset_of_host
from firstline.tickets.models import Department

HOST = re.compile(r"[a-zA-Z0-9._:\-\[\]]{1,253}|[^\x00-\x20/\\@:?#]{1,253}")
MOST_FOLDERS = 50
# Where each trouble stands in the form.
FIELDS = {"login": "password", "secret": "password", "folder": "folders", "token": "refresh_token"}
FIELDS |= {"mechanism": "refresh_token", "starttls": "security", "account": "user"}
FIELDS |= {"client": "client_id", "silent": "token_url"}


@dataclass(frozen=True, slots=True)
class Wishes:
    """A mailbox as somebody wants it. Without a secret the one that is kept is meant.

    An empty grant is the kept one, whole.
    """

    address: str
    department: Department | None
    host: str
    port: int = 993
    security: str = "tls"
    user: str = ""
    password: str = field(default="", repr=False)
    uses_oauth: bool = False
    grant: Grant = field(default_factory=Grant)
    folders: Sequence[str] = ("INBOX",)
    takes_old: bool = False

    @property
    def waits_for_sign_in(self) -> bool:
        """Whether somebody has to sign in at the provider first; known once they are checked."""
        return self.uses_oauth and not self.grant.refresh_token


def checked(wishes: Wishes, mailbox: Mailbox | None, *, with_names: bool = True) -> Wishes:
    """The wishes, tidied, with what is kept of OAuth 2.

    Raises ValidationError with a message for each wrong field.
    """
    clean = replace(
        wishes,
        address=wishes.address.strip().lower(),
        host=wishes.host.strip().lower(),
        user=wishes.user.strip() or wishes.address.strip(),
        folders=tuple(dict.fromkeys(one_line(name) for name in wishes.folders if name.strip())),
    )
    if clean.uses_oauth:
        clean = replace(clean, grant=_granted(clean, mailbox))
    problems = _ill_placed(clean) | _unproven(clean, mailbox)
    if with_names:
        problems |= _ill_named(clean, mailbox)
    if problems:
        raise ValidationError(problems)
    return clean


def account_for(wishes: Wishes, mailbox: Mailbox | None) -> Account:
    """What to connect with, of checked wishes. Raises ValidationError."""
    where = {name: getattr(wishes, name) for name in ("host", "port", "security", "user")}
    pk = mailbox.pk if mailbox is not None else 0
    if wishes.uses_oauth:
        return Account(**where, grant=wishes.grant, mailbox_id=pk)
    password = wishes.password
    if mailbox is not None and not password:
        password = _kept(mailbox).password
    return Account(**where, password=password, mailbox_id=pk)


def told(problem: Trouble | Answered) -> ValidationError:
    """What the server said, at the field it is about."""
    trouble = problem if isinstance(problem, Trouble) else Trouble("refused", str(problem))
    return ValidationError({FIELDS.get(trouble.code, "host"): trouble.text})


def _kept(mailbox: Mailbox) -> Account:
    """The account as it is kept. Raises ValidationError."""
    try:
        return account_of(mailbox)
    except Trouble as problem:
        raise told(problem) from problem


def _granted(wishes: Wishes, mailbox: Mailbox | None) -> Grant:
    """What was entered, with the kept secrets where they go nowhere else. Raises ValidationError."""
    given, known = wishes.grant, Grant()
    if mailbox is not None and mailbox.uses_oauth:
        try:
            known = account_of(mailbox).grant or known
        except Trouble as problem:
            if given == Grant():
                raise told(problem) from problem
    if given == Grant():
        given = replace(known, refresh_token="")
    if not given.token_url and (preset := preset_of_host(wishes.host)):
        given = replace(given, token_url=preset.token_url)
    if (given.token_url, given.client_id) != (known.token_url, known.client_id):
        return given
    given = replace(given, client_secret=given.client_secret or known.client_secret)
    if given.refresh_token or _is_elsewhere(wishes, mailbox):
        return given
    return replace(given, refresh_token=known.refresh_token)


def _is_elsewhere(wishes: Wishes, mailbox: Mailbox | None) -> bool:
    """A kept secret goes nowhere else than where it was given for."""
    names = ("host", "port", "security", "user", "uses_oauth")
    return mailbox is None or any(getattr(mailbox, one) != getattr(wishes, one) for one in names)


def _ill_placed(wishes: Wishes) -> dict[str, str]:
    problems = {}
    if not HOST.fullmatch(wishes.host):
        problems["host"] = _("Write the name of the mail server, such as imap.example.com.")
    if not 1 <= wishes.port <= 65535:
        problems["port"] = _("A port is a number from 1 to 65535; for TLS it is 993.")
    if wishes.security not in Mailbox.Security.values:
        problems["security"] = _("Choose how the connection is encrypted.")
    if any(char < " " or char == "\x7f" for char in wishes.user) or len(wishes.user) > 254:
        problems["user"] = _("Write the user name as the provider gave it.")
    if not wishes.folders or len(wishes.folders) > MOST_FOLDERS:
        problems["folders"] = _("Write at least one folder, such as INBOX.")
    elif any(len(name) > 500 for name in wishes.folders):
        problems["folders"] = _("A folder's name has at most 500 characters.")
    return problems


def _unproven(wishes: Wishes, mailbox: Mailbox | None) -> dict[str, str]:
    """What is missing of what proves who we are."""
    if wishes.uses_oauth:
        return _ill_granted(wishes)
    if any(char in wishes.password for char in "\r\n\x00"):
        return {"password": _("A password is one line.")}
    if not wishes.password and _is_elsewhere(wishes, mailbox):
        return {"password": _("Enter the password, also when host or user changed.")}
    return {}


def _ill_granted(wishes: Wishes) -> dict[str, str]:
    grant, problems = wishes.grant, {}
    page = page_of(wishes.host, grant)
    if not grant.client_id.strip():
        problems["client_id"] = _("Enter the client ID that the provider gave.")
    if not is_fit(grant.token_url):
        problems["token_url"] = _("Write the provider's token address; it begins with https://.")
    if (page and not is_page(page)) or (not page and not grant.refresh_token):
        text = _("Write the provider's authorization address; it begins with https://.")
        problems["authorize_url"] = text
    if not grant.scope.isprintable():
        problems["scope"] = _("A scope is words in one line.")
    return problems


def _ill_named(wishes: Wishes, mailbox: Mailbox | None) -> dict[str, str]:
    problems = {}
    try:
        validate_email(wishes.address)
    except ValidationError:
        problems["address"] = _("Write the address of the mailbox, such as help@example.com.")
    holder = addresses.holder(wishes.address)
    if holder is not None and holder != mailbox:
        problems["address"] = _("This address is taken: by a department, a box or a mailbox.")
    if wishes.department is None or not wishes.department.is_active:
        problems["department"] = _("Choose the department that the mail goes to.")
    return problems
