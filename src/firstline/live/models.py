"""Who stands before which ticket just now (product 3.12, 5.7)."""

from django.db import models
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.models import Ticket


class Presence(models.Model):
    """One member of staff with one ticket open; forgotten soon after the page stops saying so."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    is_typing = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("ticket", "person"), name="presence_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.ticket_id}"
