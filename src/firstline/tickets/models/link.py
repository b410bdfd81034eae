"""How tickets belong together: links and merges (product 3.10)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """One ticket belongs to another: the same way round for all, `ticket` is … of `other`."""

    class Kind(models.TextChoices):
        RELATED = "related"
        DUPLICATE = "duplicate"
        PART = "part"  # of an incident: `other` is the incident

    kind = models.CharField(max_length=9, choices=Kind)
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="links", db_index=False
    )
    other = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="backlinks")
    by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("ticket", "other", "kind"), name="link_once"),
            models.CheckConstraint(condition=~Q(ticket=F("other")), name="link_two"),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.kind} {self.other_id}"


class Merge(models.Model):
    """A ticket put into another, with what is needed to take that back."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="merges", db_index=False
    )
    into = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    at = models.DateTimeField(default=timezone.now)
    # The state of both tickets before, by the name of the field.
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("ticket",), condition=Q(undone_at=None), name="merge_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id} into {self.into_id}"
