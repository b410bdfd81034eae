"""Signing in at the provider of a mailbox, so that it can be read by OAuth 2.

It begins here, goes on in the administrator's browser at the provider, and comes back with a code.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from firstline.base.db import atomic
from firstline.mail import mailboxes
from firstline.mail.actions.mailboxes import Moments, add_folder, have_read, record, seen_in
from firstline.mail.inbound.imap import authorization, oauth
from firstline.mail.inbound.imap.account import Account, Grant, account_of, closed
from firstline.mail.inbound.imap.trouble import Answered, Trouble
from firstline.mail.models import Mailbox
from firstline.people.access import Actor
from firstline.people.roles import Permission

# The server answered, and does not let this account in: what was signed in for is of no use.
USELESS = frozenset({"account", "mechanism"})


@dataclass(frozen=True, slots=True)
class SignIn:
    """A sign-in that goes on at the provider; `page` is where, `seal` what it is for."""

    page: str
    state: str
    verifier: str = field(repr=False)
    seal: str


def begin(actor: Actor, mailbox: Mailbox, callback: str) -> SignIn:
    """A sign-in for this mailbox that comes back to `callback`. Raises Forbidden, ValidationError."""
    actor.demand(Permission.MAILBOX_EDIT)
    try:
        account = account_of(mailbox)
    except Trouble as problem:
        raise ValidationError({"client_id": problem.text}) from problem
    grant = account.grant
    if grant is None or not authorization.is_page(authorization.page_of(account.host, grant)):
        text = _("Write the provider's authorization address; it begins with https://.")
        raise ValidationError({"authorize_url": text})
    state, verifier = authorization.fresh_words()
    page = authorization.address(account, grant, callback, state, verifier)
    return SignIn(page, state, verifier, _seal(account, grant))


def refused(error: str, description: str) -> Trouble:
    """What it means that the provider sent somebody back with an error (RFC 6749, 4.1.2.1)."""
    if error == "access_denied":
        return Trouble("denied")
    return Trouble("answer", oauth.word_of(error, description))


def finish(
    actor: Actor, mailbox: Mailbox, sign_in: SignIn, code: str, callback: str, *, via: str
) -> Trouble | None:
    """Keep what the code is exchanged for, and have the mailbox read.

    Returns what is in the way of reading it nevertheless. Call it outside of a transaction: it waits
    for servers. Raises Forbidden; Trouble if nothing was kept.
    """
    actor.demand(Permission.MAILBOX_EDIT)
    account = account_of(mailbox)
    grant = _unchanged(account, sign_in)
    token, refresh_token = oauth.exchange(grant, code, sign_in.verifier, callback)
    grant = replace(grant, refresh_token=refresh_token)
    seen, left = _looked(replace(account, grant=grant, token=token), mailbox)
    with atomic():
        row = Mailbox.objects.select_for_update().filter(pk=mailbox.pk).first()
        if row is None:
            raise Trouble("changed")
        _unchanged(account_of(row), sign_in)
        _keep(row, grant, seen)
        record(actor, row, "mailbox.signed_in", via)
    return left


def _looked(account: Account, mailbox: Mailbox) -> tuple[Moments | None, Trouble | None]:
    """How far its folders go, or why that can't be seen now. Raises Trouble for another's account."""
    try:
        return seen_in(account, mailboxes.folders_of(mailbox)), None
    except Answered as problem:
        return None, Trouble("refused", str(problem))
    except Trouble as problem:
        if problem.code in USELESS:
            raise
        return None, problem


def _keep(row: Mailbox, grant: Grant, seen: Moments | None) -> None:
    if row.read_at is None:  # read from this moment on
        names = mailboxes.folders_of(row)
        row.folders.all().delete()
        for name in names:
            add_folder(row, name, seen)
    row.secret = closed("", grant)
    have_read(row)
    row.save()


def _unchanged(account: Account, sign_in: SignIn) -> Grant:
    """The grant that the sign-in is for. Raises Trouble if it is another one by now."""
    if account.grant is None or _seal(account, account.grant) != sign_in.seal:
        raise Trouble("changed")
    return account.grant


def _seal(account: Account, grant: Grant) -> str:
    """Tells whether server, user or provider are still those that somebody signs in for."""
    where = [account.host, account.port, account.security, account.user]
    what = asdict(replace(grant, refresh_token=""))
    return hashlib.sha256(json.dumps([where, what], sort_keys=True).encode()).hexdigest()
