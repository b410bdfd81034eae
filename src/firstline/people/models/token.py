"""Tokens of the API: only their hash is kept."""

import hashlib
import secrets
from typing import Any

from django.db import models
from django.utils import timezone

from firstline.people.models.person import Person
from firstline.people.roles import Permission

PREFIX = "fl_"


class Token(models.Model):
    """A key that acts for a person, with no more rights than its scopes and the person's own."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True, blank=True)  # None: never by itself
    last_used_at = models.DateTimeField(null=True, blank=True)  # to the minute
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name or f"token {self.pk}"

    @property
    def is_over(self) -> bool:
        """Whether it expired."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the scopes allow; `*` stands for all that the person may."""
        if "*" in self.scopes:
            return frozenset(Permission)
        known = frozenset(Permission)  # Python 3.11 can't ask the enum itself for a plain text
        return frozenset(Permission(scope) for scope in self.scopes if scope in known)


def fresh_secret() -> str:
    """A new token with 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
