"""Mailboxes as administrators set them up: joined, changed, tried, switched off and on, removed.

Nothing of this changes anything in the mailbox itself (C73).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.base.lines import one_line
from firstline.events import log
from firstline.mail import addresses
from firstline.mail.inbound.imap.account import Account, Grant, account_of, closed
from firstline.mail.inbound.imap.box import PATIENCE, opened
from firstline.mail.inbound.imap.oauth import is_fit
from firstline.mail.inbound.imap.trouble import Answered, Trouble
from firstline.mail.models import Folder, Mailbox
from firstline.mail.presets import preset_of_host
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.models import Department

HOST = re.compile(r"[a-zA-Z0-9._:\-\[\]]{1,253}|[^\x00-\x20/\\@:?#]{1,253}")
MOST_FOLDERS = 50
# Where each trouble stands in the form.
FIELDS = {"login": "password", "secret": "password", "folder": "folders", "token": "refresh_token"}
FIELDS |= {"mechanism": "refresh_token", "starttls": "security"}
Moments = dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """A mailbox as somebody wants it. Without a secret the one that is kept is meant."""

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


def look(actor: Actor, wishes: Wishes, mailbox: Mailbox | None = None) -> list[tuple[str, int]]:
    """Connect as the wishes say; the folders there and how many mails lie in each.

    Call it outside of a transaction: it waits for a server. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    wishes = _checked(wishes, mailbox, with_names=False)
    try:
        with opened(_account(wishes, mailbox), seconds=PATIENCE) as box:
            return box.counts()
    except (Trouble, Answered) as problem:
        raise _told(problem) from problem


def moments(actor: Actor, wishes: Wishes, mailbox: Mailbox | None = None) -> Moments:
    """Connect as the wishes say; UIDVALIDITY and the highest UID of each folder at this moment.

    Call it outside of a transaction: it waits for a server. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    wishes = _checked(wishes, mailbox)
    found: Moments = {}
    try:
        with opened(_account(wishes, mailbox), seconds=PATIENCE) as box:
            for name in wishes.folders:
                validity, following = box.examine(name)
                found[name] = validity, following - 1
    except (Trouble, Answered) as problem:
        raise _told(problem) from problem
    return found


def join_mailbox(actor: Actor, wishes: Wishes, seen: Moments | None = None, *, via: str) -> Mailbox:
    """Have the mailbox read from now on; what lies there already only if `takes_old`.

    `seen` says up to which UID that is; without it the dates of the mails tell. Raises Forbidden,
    ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        wishes = _checked(wishes, None)
        secret = closed(wishes.password, wishes.grant if wishes.uses_oauth else None)
        row = Mailbox.objects.create(**_columns(wishes), secret=secret)
        for name in wishes.folders:
            _add_folder(row, name, seen)
        _record(actor, row, "mailbox.joined", via)
    return row


def change_mailbox(
    actor: Actor, mailbox: Mailbox, wishes: Wishes, seen: Moments | None = None, *, via: str
) -> Mailbox:
    """Read the mailbox as the wishes say; its secret stays unless there is a new one.

    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        row = Mailbox.objects.select_for_update().get(pk=mailbox.pk)
        wishes = _checked(wishes, row)
        account = _account(wishes, row)
        moved = (row.host, row.user) != (wishes.host, wishes.user)
        old_is_new = wishes.takes_old and not row.takes_old
        for name, value in _columns(wishes).items():
            setattr(row, name, value)
        row.secret = closed(account.password, account.grant)
        # Whoever reads it now loses it, and begins anew with what is written here.
        row.reader, row.leased_until, row.problem, row.failing_since = "", timezone.now(), "", None
        row.save()
        row.folders.exclude(name__in=wishes.folders).delete()
        known = set(row.folders.values_list("name", flat=True))
        if moved:
            row.folders.update(uid_validity=0, last_uid=0, is_told_by_date=True, later={})
        elif old_is_new:
            row.folders.update(last_uid=0)  # from the beginning; what is known is recognised
        for name in wishes.folders:
            if name not in known:
                _add_folder(row, name, seen)
        _record(actor, row, "mailbox.changed", via)
    return row


def switch(actor: Actor, mailbox: Mailbox, *, on: bool, via: str) -> Mailbox:
    """Read the mailbox or leave it alone; what comes meanwhile is taken in later. Raises Forbidden."""
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        fresh = {"reader": "", "leased_until": timezone.now(), "problem": "", "failing_since": None}
        rows = Mailbox.objects.filter(pk=mailbox.pk, is_active=not on)
        if rows.update(is_active=on, **fresh):
            _record(actor, mailbox, "mailbox.switched_on" if on else "mailbox.switched_off", via)
    return Mailbox.objects.get(pk=mailbox.pk)


def remove_mailbox(actor: Actor, mailbox: Mailbox, *, via: str) -> None:
    """Forget the mailbox and its secret; tickets and mails that came from it stay. Raises Forbidden."""
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        _record(actor, mailbox, "mailbox.removed", via)
        Mailbox.objects.filter(pk=mailbox.pk).delete()


def _columns(wishes: Wishes) -> dict[str, Any]:
    names = ("address", "department", "host", "port", "security", "user", "uses_oauth", "takes_old")
    return {name: getattr(wishes, name) for name in names}


def _add_folder(row: Mailbox, name: str, seen: Moments | None) -> None:
    """A folder that is read from now on; old mail is known by its UID where the server was asked."""
    folder = Folder(mailbox=row, name=name)
    if seen is not None and name in seen:
        folder.uid_validity, folder.old_uid = seen[name]
        folder.is_told_by_date = False
        folder.last_uid = 0 if row.takes_old else folder.old_uid
    folder.save()


def _account(wishes: Wishes, mailbox: Mailbox | None) -> Account:
    """What to connect with; a secret that was not given is the kept one. Raises ValidationError."""
    where = {name: getattr(wishes, name) for name in ("host", "port", "security", "user")}
    try:
        kept = account_of(mailbox) if mailbox is not None and not _is_given(wishes) else None
    except Trouble as problem:
        raise _told(problem) from problem
    pk = mailbox.pk if mailbox is not None else 0
    if wishes.uses_oauth:
        grant = wishes.grant if _is_given(wishes) or kept is None else kept.grant
        return Account(**where, grant=grant, mailbox_id=pk if kept else 0)
    return Account(**where, password=kept.password if kept else wishes.password, mailbox_id=pk)


def _is_given(wishes: Wishes) -> bool:
    return bool(wishes.grant.refresh_token if wishes.uses_oauth else wishes.password)


def _checked(wishes: Wishes, mailbox: Mailbox | None, *, with_names: bool = True) -> Wishes:
    """The wishes, tidied. Raises ValidationError with a message for each wrong field."""
    clean = replace(
        wishes,
        address=wishes.address.strip().lower(),
        host=wishes.host.strip().lower(),
        user=wishes.user.strip() or wishes.address.strip(),
        folders=tuple(dict.fromkeys(one_line(name) for name in wishes.folders if name.strip())),
    )
    if clean.uses_oauth and not clean.grant.token_url and (known := preset_of_host(clean.host)):
        clean = replace(clean, grant=replace(clean.grant, token_url=known.token_url))
    problems = _ill_placed(clean) | _unproven(clean, mailbox)
    if with_names:
        problems |= _ill_named(clean, mailbox)
    if problems:
        raise ValidationError(problems)
    return clean


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
    """Secrets that are missing. A kept one goes nowhere else than where it was given for."""
    names = ("host", "port", "security", "user", "uses_oauth")
    elsewhere = mailbox is None or any(
        getattr(mailbox, name) != getattr(wishes, name) for name in names
    )
    if any(char in wishes.password for char in "\r\n\x00"):
        return {"password": _("A password is one line.")}
    if not _is_given(wishes) and elsewhere:
        if wishes.uses_oauth:
            return {"refresh_token": _("Enter the refresh token.")}
        return {"password": _("Enter the password, also when host or user changed.")}
    if wishes.uses_oauth and _is_given(wishes):
        if not is_fit(wishes.grant.token_url):
            return {"token_url": _("Write the provider's token address; it begins with https://.")}
        if not wishes.grant.client_id.strip():
            return {"client_id": _("Enter the client ID that the provider gave.")}
    return {}


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


def _told(problem: Trouble | Answered) -> ValidationError:
    trouble = problem if isinstance(problem, Trouble) else Trouble("refused", str(problem))
    return ValidationError({FIELDS.get(trouble.code, "host"): trouble.text})


def _record(actor: Actor, row: Mailbox, kind: str, via: str) -> None:
    """Who did it; no secret stands in it."""
    log.record(
        kind,
        subject_kind="mailbox",
        subject_id=row.pk,
        **actor.signature,
        via=via,
        data={"address": row.address, "host": row.host, "folders": len(row.folders.all())},
    )
