"""What is typed and not said yet: drafts, and messages that can still be taken back (product 3.12)."""

from typing import Any

from django.db import models
from django.utils import timezone

from firstline.base.work import Work
from firstline.files.models import File
from firstline.people.models import Person
from firstline.tickets.models.ticket import Ticket


class KeptDraft(models.Model):
    """What a person has typed at one place, such as a ticket's reply: theirs alone, on every device."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+", db_index=False)
    mode = models.CharField(max_length=10)
    text = models.TextField()
    # Who else is to get it: {"cc": [[name, address], …], "bcc": […]}.
    recipients: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    # Some of it was typed as a hidden comment: it may only become public when its author confirms it.
    is_internal = models.BooleanField(default=False)
    # The open page that wrote it last; empty without JavaScript.
    page = models.CharField(max_length=32, blank=True)
    updated_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("person", "ticket", "mode"), name="draft_place"),
        )

    def __str__(self) -> str:
        return f"{self.mode} on {self.ticket_id} by {self.person_id}"

    @property
    def version(self) -> str:
        """What changes with every change of the draft, so that a page knows if its own is stale."""
        return self.updated_at.isoformat()


class PendingMessage(Work):
    """Something said that leaves in a few seconds, unless its author takes it back.

    When it is due a job calls the verb (`reply`, `comment`, `resolve`) as its author; what the verb
    refuses becomes a draft again, with the reason in `problem`.
    """

    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, related_name="pending", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+", db_index=False)
    verb = models.CharField(max_length=10)
    text = models.TextField()
    files: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(File, related_name="+")
    recipients: "models.JSONField[Any, Any]" = models.JSONField(null=True)
    # It was typed as a hidden comment and confirmed as public; taken back, it has to be confirmed anew.
    is_internal = models.BooleanField(default=False)
    # The last message that its author had seen: a newer public one by somebody else stops it.
    seen = models.PositiveBigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    had_files = False  # set when it is taken back: they have to be chosen anew

    class Meta:
        indexes = (
            models.Index(fields=("state", "due_at"), name="pending_due"),
            models.Index(fields=("ticket", "id"), name="pending_ticket"),
        )

    def __str__(self) -> str:
        return f"{self.verb} on {self.ticket_id} by {self.person_id}"

    def refuse(self, problem: str) -> bool:
        """Put it aside for its author, who is told why; False if the lease was lost."""
        return self._settle(state=self.State.PARKED, problem=problem)
