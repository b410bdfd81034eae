"""Mailbox files of the past that become tickets, and which mail came of which."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from firstline.base.work import Work
from firstline.mail.models.raw import RawMail
from firstline.tickets.models import Department


class MailImport(Work):
    """A mailbox file of the past that becomes tickets; it goes on where it stopped.

    `position` and `size` are bytes of all its files together; `mark` tells whether these are still
    the same files.
    """

    LEASE = timedelta(minutes=5)
    MOST_ATTEMPTS = 1000  # each piece of it is one

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=1000)
    mark = models.CharField(max_length=64, blank=True)
    position = models.PositiveBigIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    taken = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)


class ImportedMail(models.Model):
    """One mail of an import: when it was written, and what its references say.

    The keys are hashes of Message-IDs: its own, and the first one of its conversation.
    """

    origin = models.ForeignKey(
        MailImport, on_delete=models.CASCADE, related_name="mails", db_index=False
    )
    raw = models.ForeignKey(RawMail, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField()
    header_key = models.CharField(max_length=64, blank=True)
    root_key = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("origin", "raw"), name="imported_mail_once"),
        )
        indexes = (
            models.Index(fields=("origin", "written_at", "id"), name="imported_mail_order"),
            models.Index(fields=("origin", "header_key"), name="imported_mail_header"),
            models.Index(fields=("origin", "root_key"), name="imported_mail_root"),
        )

    def __str__(self) -> str:
        return f"mail {self.raw_id} of import {self.origin_id}"
