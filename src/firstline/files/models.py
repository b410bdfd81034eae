"""Stored files: what they are called, what they hold, whose they are."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class File(models.Model):
    """One file as somebody gave it; its bytes lie in the store under `sha256`."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether browsers may be asked to draw it; the type was found by us, not claimed."""
        return self.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}

    @property
    def has_preview(self) -> bool:
        """Whether it is of a kind that we try to draw (`files.previews`)."""
        return self.is_image or self.content_type == "application/pdf"
