"""Mail as it came: a row with a state of its own, bytes that never change."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from firstline.base.work import Work
from firstline.mail.models.boxes import Mailbox
from firstline.tickets.models import Message, Ticket


class Outcome(models.TextChoices):
    """What became of a mail that came in."""

    PENDING = ""
    OPENED = "opened"
    JOINED = "joined"
    BOUNCE = "bounce"
    CHECK = "check"
    NOT_UNDERSTOOD = "not-understood"
    SPAM = "spam"  # somebody said so; it can be taken back
    DELETED = "deleted"  # with its ticket: it is not taken again by itself


# Of mails that became nothing: a person can make a ticket of them, or have them tried again.
UNSORTED = (Outcome.NOT_UNDERSTOOD, Outcome.SPAM)
OLD = ("import", "old")  # sources: a mailbox file, and what lay in a mailbox when it was joined


class RawMail(Work):
    """One mail for one of our addresses. Its bytes lie in the file store and are never changed."""

    MOST_ATTEMPTS = 3
    LEASE = timedelta(minutes=2)

    key = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    source = models.CharField(max_length=8)
    envelope_sender = models.CharField(max_length=320, blank=True)
    recipient = models.CharField(max_length=320)
    # What the receiving server, or we ourselves, found out: {"spf": "pass", "dkim": …, "dmarc": …}.
    proof: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    received_at = models.DateTimeField(default=timezone.now)
    # Of a mail that nobody proved and that was confirmed: where it came from (C13). Nullable, so that
    # no old row need be written anew for it.
    confirmed_to = models.CharField(max_length=260, null=True)  # noqa: DJ001
    mailbox = models.ForeignKey(
        Mailbox, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    # What stood for it while the mail server did not hand it out.
    note = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )

    outcome = models.CharField(max_length=14, choices=Outcome, blank=True, default=Outcome.PENDING)
    subject = models.CharField(max_length=300, blank=True)
    sender = models.CharField(max_length=400, blank=True)
    trace: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    ticket = models.ForeignKey(
        Ticket, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")

    @property
    def is_old(self) -> bool:
        """Whether it is of the past: it becomes a ticket, and nobody is written to for it (C73)."""
        return self.source in OLD

    @property
    def is_unsorted(self) -> bool:
        """Whether it became nothing, so that a person can make a ticket of it."""
        if self.state == self.State.PARKED:
            return True
        return self.state == self.State.DONE and self.outcome in UNSORTED

    class Meta:
        indexes = (
            models.Index(fields=("state", "due_at"), name="rawmail_due"),
            models.Index(fields=("outcome", "-id"), name="rawmail_outcome"),
            models.Index(
                fields=("confirmed_to", "received_at"),
                name="rawmail_confirmed",
                condition=models.Q(confirmed_to__isnull=False),
            ),
            models.Index(
                fields=("ticket",),
                name="rawmail_ticket",
                condition=models.Q(ticket__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"mail {self.pk} for {self.recipient}"
