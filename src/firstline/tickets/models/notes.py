"""Notes for support: one shared text per ticket, with all its versions (product 3.7, cap 82-83)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from firstline.people.models import Partner, Person
from firstline.tickets.models.ticket import Ticket


class NotesVersion(models.Model):
    """The notes as somebody left them. The one with the highest number is what they say now.

    Each line has notes of its own: those of `partner`, or the platform's.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="notes", db_index=False
    )
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField(blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                fields=("ticket", "number"), condition=Q(partner=None), name="notes_platform"
            ),
            models.UniqueConstraint(
                fields=("ticket", "partner", "number"),
                condition=Q(partner__isnull=False),
                name="notes_partner",
            ),
        )

    def __str__(self) -> str:
        return f"notes {self.number} on {self.ticket_id}"
