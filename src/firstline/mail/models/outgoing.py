"""Mail as it goes: everything in it is decided."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone

from firstline.base.work import Work
from firstline.events.models import Event
from firstline.tickets.models import Message, Ticket


class OutgoingMail(Work):
    """One mail to one person, with everything in it decided. Its Message-ID never changes."""

    MOST_ATTEMPTS = 60  # with pauses up to an hour: about two days
    LEASE = timedelta(minutes=10)
    CLAIMED: ClassVar[dict[str, Any]] = {"unheard": Coalesce("unheard", 0) + 1}

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    recipient = models.EmailField(max_length=254)
    recipient_name = models.CharField(max_length=200, blank=True)
    # What stands in its header, where it is not the recipient alone: {"to": [[name, address], …],
    # "cc": […]}. Who gets it in secret stands nowhere in it.
    recipients: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    sender = models.EmailField(max_length=254)
    sender_name = models.CharField(max_length=300, blank=True)
    reply_to = models.EmailField(max_length=254)
    header_id = models.CharField(max_length=250, unique=True)
    in_reply_to = models.CharField(max_length=998, blank=True)
    references: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    subject = models.CharField(max_length=400)
    text = models.TextField()
    html = models.TextField()
    is_automatic = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    # The server that took it, as host:port: how much each gets in a minute. Nullable, so that no
    # old row need be written anew for it.
    server = models.CharField(max_length=260, null=True)  # noqa: DJ001
    # Attempts that began and of which nobody heard whether the mail was taken: the worker ended, or
    # the server said nothing after the last line. It may have arrived then, too. Counted before each
    # attempt. Nullable, so that no old row need be written anew for it.
    unheard = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("event", "recipient"), name="outgoing_once"),
        )
        indexes = (
            models.Index(fields=("state", "due_at"), name="outgoing_due"),
            models.Index(fields=("recipient", "created_at"), name="outgoing_recipient"),
            models.Index(fields=("sent_at",), name="outgoing_sent"),
        )

    def put_off(self, wait: timedelta, problem: str) -> bool:
        """Let it rest, without its having been tried; False if the lease was lost.

        `problem` is what is in the way, "" where it only takes its turn.
        """
        due, why = timezone.now() + wait, problem or self.problem
        return self._settle(due_at=due, attempts=max(self.attempts - 1, 0), problem=why)

    def leave_unheard(self) -> None:
        """Let this attempt count as one whose answer nobody heard, whatever is done next."""
        self.unheard = (self.unheard or 0) + 1

    def _settle(self, **values: object) -> bool:
        return super()._settle(unheard=max((self.unheard or 0) - 1, 0), **values)

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"
