"""Make, replace and remove the web hook of a mail provider (product 7.3)."""

from secrets import token_urlsafe

from cryptography.hazmat.primitives.serialization import load_pem_public_key
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from firstline.base import secrets
from firstline.base.db import atomic
from firstline.events import log
from firstline.mail.hooks import PROVIDERS, SIGNERS
from firstline.mail.inbound.hooks import digest_of
from firstline.mail.models import Hook
from firstline.people.access import Actor
from firstline.people.roles import Permission
from firstline.tickets.models import Department

KEY_LIMIT = 4000


def make_hook(
    actor: Actor, department: Department, provider: str, signing_key: str = "", *, via: str
) -> tuple[Hook, str]:
    """A hook for the provider, with its secret, which nobody can read again.

    If there is one, it gets a new secret and signing key, and the former address is gone at once.
    Raises Forbidden, ValidationError.
    """
    actor.demand(Permission.DEPARTMENT_EDIT)
    signing_key = signing_key.strip()
    _check(provider, signing_key)
    secret = token_urlsafe(32)
    with atomic():
        hook, is_new = Hook.objects.update_or_create(
            department=department,
            provider=provider,
            defaults={
                "sha256": digest_of(secret),
                "signing_key": secrets.close(signing_key) if signing_key else "",
                "created_at": timezone.now(),
                "last_used_at": None,
                "problem": "",
                "failed_at": None,
                "confirmation": "",
            },
        )
        _record(actor, hook, "hook.made" if is_new else "hook.replaced", via)
    return hook, secret


def remove_hook(actor: Actor, hook: Hook, *, via: str) -> None:
    """Close the door; the mail that came by it stays. Raises Forbidden."""
    actor.demand(Permission.DEPARTMENT_EDIT)
    with atomic():
        _record(actor, hook, "hook.removed", via)
        Hook.objects.filter(pk=hook.pk).delete()


def _check(provider: str, signing_key: str) -> None:
    """Raises ValidationError."""
    if provider not in PROVIDERS:
        raise ValidationError({"provider": _("Choose a provider.")})
    if signing_key and provider not in SIGNERS:
        text = _("This provider signs nothing that is checked here: leave it empty.")
        raise ValidationError({"signing_key": text})
    if len(signing_key) > KEY_LIMIT:
        raise ValidationError({"signing_key": _("The key is too long.")})
    if signing_key and provider == "postal" and not _is_public_key(signing_key):
        text = _("This is no public key. Copy it as Postal shows it.")
        raise ValidationError({"signing_key": text})


def _is_public_key(text: str) -> bool:
    begin, end = "-----BEGIN PUBLIC KEY-----", "-----END PUBLIC KEY-----"
    whole = text if begin in text else f"{begin}\n{text}\n{end}\n"
    try:
        load_pem_public_key(whole.encode())
    except (ValueError, TypeError):
        return False
    return True


def _record(actor: Actor, hook: Hook, kind: str, via: str) -> None:
    log.record(
        kind,
        subject_kind="department",
        subject_id=hook.department_id,
        **actor.signature,
        via=via,
        data={"provider": hook.provider},
    )
