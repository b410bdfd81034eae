"""What the screens remember by themselves: which forms were carried out, who tried too often."""

from django.db import models
from django.utils import timezone


class Submission(models.Model):
    """A form that was carried out, so that the same one sent again does nothing (C69)."""

    key = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=300)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"form sent to {self.address}"


class RateLimit(models.Model):
    """How much of a limit is used up, by whoever `key` stands for. Over at `until`, and then deleted."""

    key = models.CharField(max_length=64, unique=True)
    used = models.PositiveIntegerField(default=1)
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.used} until {self.until}"
