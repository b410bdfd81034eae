"""How the customer's portal looks and who may come in: one row for the installation, one per partner."""

from typing import Any

from django.db import models

from firstline.base.languages import empty_names, pick
from firstline.files.models import File
from firstline.people.models.company import Partner


class Portal(models.Model):
    """A portal with its own name, logo and colour (cap 106). Without a partner: the installation's."""

    class Registration(models.TextChoices):
        """How customers come in by themselves (product 1.3)."""

        OPEN = "open"
        INVITATION = "invitation"
        APPROVAL = "approval"

    partner = models.OneToOneField(
        Partner, null=True, blank=True, on_delete=models.CASCADE, related_name="portal"
    )
    name = models.CharField(max_length=100, blank=True)
    logo = models.ForeignKey(
        File, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    colour = models.CharField(max_length=7, blank=True)
    contacts: "models.JSONField[Any, Any]" = models.JSONField(default=empty_names, blank=True)
    privacy_url = models.URLField(blank=True)
    registration = models.CharField(
        max_length=10, choices=Registration, default=Registration.INVITATION
    )
    shows_agents = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                models.Value(1), condition=models.Q(partner=None), name="portal_one_own"
            ),
        )

    def __str__(self) -> str:
        return self.name or (str(self.partner) if self.partner else "portal")

    @property
    def contact(self) -> str:
        """How else to reach the support team, in the language of whoever reads now."""
        return pick(self.contacts)


class Host(models.Model):
    """A host name under which a portal answers; mails to its customers link to the first one."""

    name = models.CharField(max_length=253, unique=True)
    portal = models.ForeignKey(Portal, on_delete=models.CASCADE, related_name="hosts")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name
