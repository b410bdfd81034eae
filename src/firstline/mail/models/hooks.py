"""Web hooks: the doors by which providers hand over mail that they took for us (product 7.3)."""

from django.db import models
from django.utils import timezone

from firstline.tickets.models import Department


class Hook(models.Model):
    """One provider's door to one department. Its secret is the address; only a digest is kept."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="hooks")
    provider = models.CharField(max_length=10)
    sha256 = models.CharField(max_length=64, unique=True)
    # What the provider signs with; base/secrets.py closes and opens it. Empty: nothing is checked.
    signing_key = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_used_at = models.DateTimeField(null=True)
    # The last thing that was refused, and why, in one word (`mail.inbound.providers.Refused`).
    problem = models.CharField(max_length=16, blank=True)
    failed_at = models.DateTimeField(null=True)
    # Where Amazon wants to hear that its topic is ours; a person opens it.
    confirmation = models.CharField(max_length=2000, blank=True)

    class Meta:
        ordering = ("provider",)
        constraints = (
            models.UniqueConstraint(fields=("department", "provider"), name="hook_once"),
        )
