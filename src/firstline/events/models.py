"""The log of what happened, and what is still to follow from it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from firstline.base.work import Work


class Event(models.Model):
    """One thing that happened. Never changed: it is the history and the audit trail.

    Never deleted, either, but with the ticket it is about (docs/decisions/014-deleting-a-ticket.md).
    """

    kind = models.CharField(max_length=40)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    via = models.CharField(max_length=10)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=("subject_kind", "subject_id", "id"), name="event_subject"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_kind}/{self.subject_id}"


class Reaction(Work):
    """One handler that is to run for one event; written in the transaction of the change itself."""

    LEASE = timedelta(minutes=5)

    event = models.ForeignKey(
        Event, on_delete=models.CASCADE, related_name="reactions", db_index=False
    )
    handler = models.CharField(max_length=100)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event", "handler"), name="reaction_once"),)
        indexes = (models.Index(fields=("state", "due_at"), name="reaction_due"),)

    def __str__(self) -> str:
        return f"{self.handler} for event {self.event_id}"

    def finish(self, **values: object) -> bool:
        """Done reactions leave no row; the event stays. False if the lease was lost."""
        mine = type(self).objects.filter(
            pk=self.pk, state=self.State.WAITING, attempts=self.attempts
        )
        return mine.delete()[0] == 1
