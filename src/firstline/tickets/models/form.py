"""Public forms on other sites, and what strangers wrote there until their address is proven (cap 151)."""

from typing import Any

from django.db import models
from django.utils import timezone

from firstline.base.languages import LANGUAGES, Named, empty_names, pick
from firstline.people.models import Portal
from firstline.tickets.models.department import Department
from firstline.tickets.models.ticket import Ticket


class WebForm(Named):
    """A form that anybody may fill in; its tickets go to one department."""

    key = models.CharField(max_length=32, unique=True)
    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="forms")
    portal = models.ForeignKey(Portal, null=True, on_delete=models.SET_NULL, related_name="+")
    intros: "models.JSONField[Any, Any]" = models.JSONField(default=empty_names, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    @property
    def intro(self) -> str:
        """What stands above the fields, in the language of whoever reads now."""
        return pick(self.intros)


class Request(models.Model):
    """What a stranger sent by a form. It becomes a ticket when their address is confirmed."""

    form = models.ForeignKey(WebForm, on_delete=models.CASCADE, related_name="requests")
    sha256 = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, db_index=True)
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    language = models.CharField(max_length=2, choices=LANGUAGES)
    source = models.CharField(max_length=64, db_index=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)
    confirmed_at = models.DateTimeField(null=True)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return f"{self.subject} ({self.email})"
