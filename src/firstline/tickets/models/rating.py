"""What the customer thinks of the help they got (product 6.3)."""

from django.db import models
from django.utils import timezone

from firstline.people.models import Person
from firstline.tickets.models.ticket import Ticket


class Rating(models.Model):
    """One answer to “did this help?” per ticket; changing one's mind changes it."""

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    helped = models.BooleanField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.ticket_id}: {'helped' if self.helped else 'did not help'}"
