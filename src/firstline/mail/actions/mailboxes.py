"""Mailboxes as administrators set them up: joined, changed, tried, switched off and on, removed.

Nothing of this changes anything in the mailbox itself (C73).
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.events import log
from firstline.mail.inbound.imap.account import Account, closed
from firstline.mail.inbound.imap.box import PATIENCE, opened
from firstline.mail.inbound.imap.trouble import UNSIGNED, Answered, Trouble
from firstline.mail.models import Folder, Mailbox
from firstline.mail.wishes import Wishes, account_for, checked, told
from firstline.people.access import Actor
from firstline.people.roles import Permission

Moments = dict[str, tuple[int, int]]


def look(actor: Actor, wishes: Wishes, mailbox: Mailbox | None = None) -> list[tuple[str, int]]:
    """Connect as the wishes say; the folders there and how many mails lie in each.

    Call it outside of a transaction: it waits for a server. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    wishes = checked(wishes, mailbox, with_names=False)
    if wishes.waits_for_sign_in:
        raise ValidationError({"refresh_token": _("Save first, and sign in at the provider.")})
    try:
        with opened(account_for(wishes, mailbox), seconds=PATIENCE) as box:
            return box.counts()
    except (Trouble, Answered) as problem:
        raise told(problem) from problem


def moments(actor: Actor, wishes: Wishes, mailbox: Mailbox | None = None) -> Moments | None:
    """Connect as the wishes say; UIDVALIDITY and the highest UID of each folder at this moment.

    None if somebody has to sign in at the provider first. Call it outside of a transaction: it waits
    for a server. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    wishes = checked(wishes, mailbox)
    if wishes.waits_for_sign_in:
        return None
    try:
        return seen_in(account_for(wishes, mailbox), wishes.folders)
    except (Trouble, Answered) as problem:
        raise told(problem) from problem


def seen_in(account: Account, folders: Sequence[str]) -> Moments:
    """What `moments` tells, with this account. Raises Trouble, Answered."""
    found: Moments = {}
    with opened(account, seconds=PATIENCE) as box:
        for name in folders:
            validity, following = box.examine(name)
            found[name] = validity, following - 1
    return found


def join_mailbox(actor: Actor, wishes: Wishes, seen: Moments | None = None, *, via: str) -> Mailbox:
    """Have the mailbox read from now on; what lies there already only if `takes_old`.

    `seen` says up to which UID that is; without it the dates of the mails tell. Where somebody has to
    sign in at the provider first, it is read from then on. Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        wishes = checked(wishes, None)
        secret = closed(wishes.password, wishes.grant if wishes.uses_oauth else None)
        row = Mailbox(**_columns(wishes), secret=secret)
        have_read(row, waits=wishes.waits_for_sign_in)
        row.save()
        for name in wishes.folders:
            add_folder(row, name, seen)
        record(actor, row, "mailbox.joined", via)
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
        wishes = checked(wishes, row)
        account = account_for(wishes, row)
        moved = (row.host, row.user) != (wishes.host, wishes.user)
        old_is_new = wishes.takes_old and not row.takes_old
        for name, value in _columns(wishes).items():
            setattr(row, name, value)
        row.secret = closed(account.password, account.grant)
        have_read(row, waits=wishes.waits_for_sign_in)
        row.save()
        row.folders.exclude(name__in=wishes.folders).delete()
        known = set(row.folders.values_list("name", flat=True))
        if moved:
            row.folders.update(uid_validity=0, last_uid=0, is_told_by_date=True, later={})
        elif old_is_new:
            row.folders.update(last_uid=0)  # from the beginning; what is known is recognised
        for name in wishes.folders:
            if name not in known:
                add_folder(row, name, seen)
        record(actor, row, "mailbox.changed", via)
    return row


def switch(actor: Actor, mailbox: Mailbox, *, on: bool, via: str) -> Mailbox:
    """Read the mailbox or leave it alone; what comes meanwhile is taken in later.

    Raises Forbidden; ValidationError if somebody has to sign in at the provider first.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        unsigned = Mailbox.objects.filter(pk=mailbox.pk, problem=UNSIGNED, is_active=False)
        if unsigned.exists():
            if on:
                raise ValidationError({"is_active": _("Sign in at the provider first.")})
            return mailbox
        rows = Mailbox.objects.filter(pk=mailbox.pk, is_active=not on)
        if rows.update(is_active=on, **_anew()):
            record(actor, mailbox, "mailbox.switched_on" if on else "mailbox.switched_off", via)
    return Mailbox.objects.get(pk=mailbox.pk)


def remove_mailbox(actor: Actor, mailbox: Mailbox, *, via: str) -> None:
    """Forget the mailbox and its secret; tickets and mails that came from it stay. Raises Forbidden."""
    actor.demand(Permission.MAILBOX_EDIT)
    with atomic():
        record(actor, mailbox, "mailbox.removed", via)
        Mailbox.objects.filter(pk=mailbox.pk).delete()


def _columns(wishes: Wishes) -> dict[str, Any]:
    names = ("address", "department", "host", "port", "security", "user", "uses_oauth", "takes_old")
    return {name: getattr(wishes, name) for name in names}


def _anew() -> dict[str, Any]:
    """What takes a mailbox from whoever reads it now, so that somebody begins anew."""
    return {"reader": "", "leased_until": timezone.now(), "problem": "", "failing_since": None}


def have_read(row: Mailbox, *, waits: bool = False) -> None:
    """Have it read anew with what is written here: once it can, where it `waits` for a sign-in.

    Saves nothing.
    """
    waited = row.problem == UNSIGNED
    for name, value in _anew().items():
        setattr(row, name, value)
    if waits:
        row.is_active, row.problem = False, UNSIGNED
    elif waited:
        row.is_active = True


def add_folder(row: Mailbox, name: str, seen: Moments | None) -> None:
    """A folder that is read from now on; old mail is known by its UID where the server was asked."""
    folder = Folder(mailbox=row, name=name)
    if seen is not None and name in seen:
        folder.uid_validity, folder.old_uid = seen[name]
        folder.is_told_by_date = False
        folder.last_uid = 0 if row.takes_old else folder.old_uid
    folder.save()


def record(actor: Actor, row: Mailbox, kind: str, via: str) -> None:
    """Write down who did it; no secret stands in it."""
    log.record(
        kind,
        subject_kind="mailbox",
        subject_id=row.pk,
        **actor.signature,
        via=via,
        data={"address": row.address, "host": row.host, "folders": len(row.folders.all())},
    )
