"""Those who are served: companies, the partners who resell, and projects."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone


class Partner(models.Model):
    """A reseller with companies and staff of its own (product 2.3)."""

    name = models.CharField(max_length=200)
    own_first_line = models.BooleanField(default=False)
    # After this long without an answer its ticket is marked for the platform to see (cap 92).
    silent_after_minutes = models.PositiveIntegerField(default=240)

    def __str__(self) -> str:
        return self.name


class Company(models.Model):
    """An account, whose contacts are customers (product 2.1)."""

    name = models.CharField(max_length=200)
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.name


class Domain(models.Model):
    """A domain whose mail addresses belong to a company: new senders become its contacts."""

    name = models.CharField(max_length=253, db_index=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="domains")

    def __str__(self) -> str:
        return self.name


class Project(models.Model):
    """A customer's workspace on the served platform (product 2.2)."""

    identifier = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    company = models.ForeignKey(Company, null=True, blank=True, on_delete=models.PROTECT)
    partner = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT)
    members: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="projects"
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.name} ({self.identifier})"
