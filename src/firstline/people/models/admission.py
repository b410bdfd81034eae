"""How people come in: invited by one of us, or registered by themselves (product 1.3, cap 1-3)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from firstline.base.languages import LANGUAGES
from firstline.people.models.company import Company
from firstline.people.models.portal import Portal


class Invitation(models.Model):
    """A link that lets a person choose their password: mailed, for some days, once.

    Only the hash of its key is kept; sending it again makes a new key.
    """

    # None: a partner invited somebody known elsewhere on the platform. It looks like any other and
    # leads nowhere, so that nobody learns from it who is known (decision 022).
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="invitations"
    )
    # Of somebody whom the inviting partner did not know yet: the company, and what was typed.
    company = models.ForeignKey(Company, null=True, on_delete=models.CASCADE, related_name="+")
    typed: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def email(self) -> str:
        return self.person.email if self.person else str(self.typed["email"])

    @property
    def name(self) -> str:
        return self.person.name if self.person else str(self.typed["name"])

    @property
    def display_name(self) -> str:
        return self.name or self.email

    @property
    def to_company(self) -> Company | None:
        """The company whose contact the invited person is to be."""
        return self.person.company if self.person else self.company


class Registration(models.Model):
    """What a stranger says of themselves to come in, until it is decided.

    In an open portal it is decided at once; a company that the address does not show is then still
    to be confirmed by staff.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        APPROVED = "approved"
        REFUSED = "refused"

    portal = models.ForeignKey(Portal, null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    company_name = models.CharField(max_length=200, blank=True)
    contract_number = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=2, choices=LANGUAGES)
    time_zone = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(Company, null=True, on_delete=models.SET_NULL, related_name="+")
    needs_company = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = (
            models.Index(fields=("state", "-id"), name="registration_state"),
            models.Index(fields=("needs_company", "-id"), name="registration_company"),
        )

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"
