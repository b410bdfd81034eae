"""Addresses that send what people filled in elsewhere: contact forms of web sites, scanners, shops."""

from django.db import models
from django.utils import timezone

from firstline.tickets.models import Department


class FormSender(models.Model):
    """An address whose mails to a department are filled-in forms: their Reply-To is the customer."""

    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    address = models.EmailField(max_length=254)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("address", "department"), name="form_sender_once"),
        )

    def __str__(self) -> str:
        return self.address
