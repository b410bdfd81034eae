"""One act on many tickets, done one by one behind a progress bar (product 3.12)."""

from typing import Any

from django.db import models
from django.utils import timezone

from firstline.base.work import Work
from firstline.people.models import Person
from firstline.tickets.models.ticket import Ticket


class Bulk(models.Model):
    """What somebody wants done to a selection; `params` are the verb's own."""

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    verb = models.CharField(max_length=12)
    params: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "bulk"

    def __str__(self) -> str:
        return f"{self.verb} by {self.by_id}"


class BulkItem(Work):
    """One ticket of it; `problem` says why it was left as it is."""

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="items", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("bulk", "ticket"), name="bulk_item_once"),)
        indexes = (models.Index(fields=("state", "due_at"), name="bulk_item_due"),)

    def __str__(self) -> str:
        return f"{self.bulk_id}: {self.ticket_id}"

    def refuse(self, why: str) -> bool:
        """Leave the ticket as it is: the verb said no, and would say so again."""
        return self._settle(state=self.State.PARKED, problem=why[:4000])
