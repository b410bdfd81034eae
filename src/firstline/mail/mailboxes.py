"""The mailboxes that are read, and how they fare, for those who may set them up."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone, translation

from firstline.mail.inbound.imap.account import Grant, account_of
from firstline.mail.inbound.imap.trouble import FOR_SIGN_IN, UNSIGNED, Trouble, code_of, sentence
from firstline.mail.models import Mailbox
from firstline.mail.presets import preset_of_host
from firstline.people.access import Actor, NotFound
from firstline.people.roles import Permission

FRESH = 60  # seconds


@dataclass(frozen=True, slots=True)
class State:
    """How a mailbox fares: `code` is off, new, fine, late, failing or unsigned.

    `needs_sign_in`: somebody has to sign in at its provider, for the first time or again.
    """

    code: str
    read_at: datetime | None
    seconds: int | None
    failing_since: datetime | None
    problem: str
    needs_sign_in: bool = False


def all_for(actor: Actor) -> list[Mailbox]:
    """All mailboxes with their departments and folders. Raises Forbidden."""
    return list(_visible_to(actor))


def get_for(actor: Actor, pk: int) -> Mailbox:
    """One mailbox. Raises Forbidden, NotFound."""
    found = _visible_to(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(str(pk))
    return found


def _visible_to(actor: Actor) -> QuerySet[Mailbox]:
    actor.demand(Permission.MAILBOX_EDIT)
    return Mailbox.objects.select_related("department").prefetch_related("folders")


def folders_of(mailbox: Mailbox) -> list[str]:
    """The names of the folders that are read."""
    return [one.name for one in mailbox.folders.all()]


def state_of(mailbox: Mailbox) -> State:
    """How the mailbox fares, its problem as a sentence in the reader's language."""
    seconds = None
    if mailbox.read_at is not None:
        seconds = max(0, int((timezone.now() - mailbox.read_at).total_seconds()))
    problem = sentence(mailbox.problem) if mailbox.problem else ""
    needs = mailbox.uses_oauth and code_of(mailbox.problem) in FOR_SIGN_IN
    code = _code(mailbox, seconds)
    return State(code, mailbox.read_at, seconds, mailbox.failing_since, problem, needs)


def grant_of(actor: Actor, mailbox: Mailbox) -> Grant:
    """What is kept of OAuth 2, without its secrets: to be shown, and changed. Raises Forbidden."""
    actor.demand(Permission.MAILBOX_EDIT)
    try:
        grant = account_of(mailbox).grant or Grant()
    except Trouble:
        grant = Grant()  # closed with another key: it has to be entered again
    known = preset_of_host(mailbox.host)
    if known is not None and known.token_url == grant.token_url:
        grant = replace(grant, token_url="")
    return replace(grant, client_secret="", refresh_token="")


def _code(mailbox: Mailbox, seconds: int | None) -> str:
    if not mailbox.is_active:
        return "unsigned" if mailbox.problem == UNSIGNED else "off"
    if mailbox.failing_since is not None:
        return "failing"
    if seconds is None:
        return "new"
    return "fine" if seconds <= FRESH or mailbox.leased_until > timezone.now() else "late"


def failing() -> tuple[int, list[str]]:
    """How many mailboxes are read, and what is wrong with which, in English for the command line."""
    rows = list(Mailbox.objects.filter(is_active=True))
    with translation.override("en"):
        told = [
            f"{one.address} failing since {one.failing_since:%Y-%m-%d %H:%M} UTC: "
            f"{sentence(one.problem)}"
            for one in rows
            if one.failing_since is not None
        ]
    return len(rows), told
