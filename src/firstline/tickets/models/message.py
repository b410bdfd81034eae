"""What was said on a ticket, by whom, and who may read it."""

from typing import Any

from django.db import models
from django.utils import timezone

from firstline.files.models import File
from firstline.people.models import Partner, Person
from firstline.tickets.models.ticket import Channel, Ticket


class Kind(models.TextChoices):
    """The kinds of the design: the edge of a message shows it. `between`: both lines, no customer.

    `forward`: what somebody outside was asked or sent, for staff; `quote` holds what was passed on.
    """

    IN = "in"
    OUT = "out"
    COMMENT = "comment"
    HIDDEN = "hidden"
    BETWEEN = "between"
    FORWARD = "forward"


class Visibility(models.TextChoices):
    PUBLIC = "public"
    BETWEEN_LINES = "between-lines"
    INTERNAL = "internal"


class Message(models.Model):
    """One message. Its text is never cut: what a reply quotes is kept apart, to be folded."""

    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    kind = models.CharField(max_length=8, choices=Kind)
    visibility = models.CharField(max_length=13, choices=Visibility)
    channel = models.CharField(max_length=8, choices=Channel)
    author = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    author_name = models.CharField(max_length=200, blank=True)
    # The agent who really wrote, while inside the author's project (product 2.5).
    written_by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Whose staff may read an internal message: this partner's, or the platform's (product 2.3).
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    # Of a mail that joined a ticket under another subject than the ticket's.
    subject = models.CharField(max_length=300, blank=True, default="", db_default="")
    text = models.TextField(blank=True)
    quote = models.TextField(blank=True)
    html = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    # The sender does not belong to the ticket: staff see the message marked, customers don't (C1, C2).
    is_foreign = models.BooleanField(default=False)
    header_id = models.CharField(max_length=998, blank=True)
    # Of a mail: {"to": [[name, address], …], "cc": […], "bcc": […]}; `bcc` only of our own.
    recipients: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    # Of a mail: who it says it is from, doubts, seal, invitation (`mail.mime.identity.reading`).
    reading: "models.JSONField[Any, Any]" = models.JSONField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("ticket", "id"), name="message_ticket"),
            models.Index(fields=("header_id",), name="message_header_id"),
        )

    def __str__(self) -> str:
        return f"{self.kind} on {self.ticket_id}"

    @property
    def has_remote_pictures(self) -> bool:
        """Whether its HTML names pictures that lie elsewhere; none is fetched before a press."""
        return ' data-src="http' in self.html

    @property
    def direction(self) -> str:
        """`in`, `out` or `internal`, as clients of the API know it."""
        return {"in": "in", "hidden": "internal", "between": "internal"}.get(self.kind, "out")


class Attachment(models.Model):
    """A file that came with a message."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="+")
    content_id = models.CharField(max_length=250, blank=True)
    is_inline = models.BooleanField(default=False)

    def __str__(self) -> str:
        return str(self.file)
