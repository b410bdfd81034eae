"""A web hook of a mail provider: whose it is, and the mail that it brings."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from firstline.base import secrets
from firstline.mail import addresses
from firstline.mail.inbound import providers
from firstline.mail.inbound.providers import Letter, Post, Refused
from firstline.mail.inbound.take import Arrival, take_all
from firstline.mail.models import Hook

ROOM = 1024 * 1024  # what a provider tells of a mail beside it
SEEN = timedelta(minutes=1)  # how exactly `last_used_at` is kept


def largest_post() -> int:
    """Bytes of the largest request that can hold a mail that we take: Base64 needs a third more,
    percent signs in a form three times as much."""
    return 3 * int(settings.MAIL_LIMIT) + ROOM


def hook_of(provider: str, secret: str) -> Hook | None:
    """The hook with this address. What is looked up is a digest, so time tells nothing of the secret."""
    digest = digest_of(secret)
    hook = Hook.objects.select_related("department").filter(sha256=digest).first()
    if hook is None or not constant_time_compare(hook.provider, provider):
        return None
    return hook


def digest_of(secret: str) -> str:
    """What is kept of a secret. It has 256 bits of its own, so it needs no slow digest."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def receive(hook: Hook, post: Post) -> int:
    """Store the mails of a request durably, each once however often it is posted; how many.

    A mail that names none of our addresses is the department's. Raises Refused where there is no
    mail, or OSError or a database error if it could not be stored: then it must be posted again.
    """
    try:
        _check_signature(hook, post)
        found = providers.read(hook.provider, post)
        if any(len(one.raw) > settings.MAIL_LIMIT for one in found.letters):
            raise Refused("too-large")
    except Refused as problem:
        refuse(hook, problem.reason)
        raise
    own = [hook.department.address]
    take_all(
        [Arrival(one.raw, one.sender, _ours(one) or own, source="hook") for one in found.letters]
    )
    _note(hook, found.confirmation)
    return len(found.letters)


def refuse(hook: Hook, reason: str) -> None:
    """Show in the settings that something was refused, and why."""
    Hook.objects.filter(pk=hook.pk).update(problem=reason, failed_at=timezone.now())


def _check_signature(hook: Hook, post: Post) -> None:
    """Raises Refused."""
    if not hook.signing_key:
        return
    try:
        key = secrets.open_(hook.signing_key)
    except secrets.Unreadable as problem:
        raise Refused("key-lost") from problem
    if not providers.is_signed(hook.provider, post, key):
        raise Refused("signature")


def _ours(letter: Letter) -> list[str]:
    return [one for one in letter.recipients if addresses.is_ours(one)]


def _note(hook: Hook, confirmation: str) -> None:
    """That it works. Not at each mail: many at once would wait for this row."""
    now = timezone.now()
    changes: dict[str, object] = {}
    if hook.last_used_at is None or hook.last_used_at < now - SEEN or hook.problem:
        changes = {"last_used_at": now, "problem": ""}
    if confirmation or hook.confirmation:
        changes["confirmation"] = confirmation
    if changes:
        Hook.objects.filter(pk=hook.pk).update(**changes)
