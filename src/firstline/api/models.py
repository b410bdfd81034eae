"""The one table of the API: what it answered, so that a repeated request changes nothing twice."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from firstline.people.models import Token


class Answer(models.Model):
    """The answer to one POST with an `Idempotency-Key`, committed together with what it made."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    # None: kept before answers belonged to tokens; given to nobody.
    token = models.ForeignKey(
        Token, null=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    location = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token", "key"), name="answer_once_for_token"),
        )

    def __str__(self) -> str:
        return f"{self.status} for {self.key}"
