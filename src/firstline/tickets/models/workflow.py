"""Workflows as data: statuses, allowed moves, and what happens by itself (product 4)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstline.base.languages import Named, empty_names, pick


class Phase(models.TextChoices):
    """What every status comes down to, so that lists and the portal work with any workflow."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING = "waiting", _("Waiting for the customer")
    DEFERRED = "deferred", _("Deferred")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")


UNRESOLVED = (Phase.NEW, Phase.OPEN, Phase.WAITING, Phase.DEFERRED)


class Workflow(Named):
    """A set of statuses with its rules; each department uses one."""

    key = models.SlugField(unique=True)
    close_after_days = models.PositiveSmallIntegerField(null=True, blank=True)


class Status(Named):
    """One status. Customers may read another name for it than staff do."""

    workflow = models.ForeignKey(Workflow, on_delete=models.CASCADE, related_name="statuses")
    key = models.SlugField()
    phase = models.CharField(max_length=8, choices=Phase)
    position = models.PositiveSmallIntegerField(default=0)
    is_initial = models.BooleanField(default=False)
    customer_names: "models.JSONField[Any, Any]" = models.JSONField(default=empty_names, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("workflow", "key"), name="status_key"),
            models.UniqueConstraint(
                fields=("workflow",), condition=models.Q(is_initial=True), name="status_one_initial"
            ),
        )
        ordering = ("position",)
        verbose_name_plural = "statuses"

    @property
    def customer_label(self) -> str:
        """The name on the portal and in mails."""
        return pick(self.customer_names) or self.label


class Transition(models.Model):
    """A move that people may make."""

    source = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="moves")
    target = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "target"), name="transition_once"),
        )

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"


class Trigger(models.TextChoices):
    """What can move a ticket by itself."""

    AGENT_ADDED = "agent_added"
    STAFF_REPLIED = "staff_replied"
    CUSTOMER_WROTE = "customer_wrote"
    TIME_CAME = "time_came"


class Automatic(models.Model):
    """A move that happens by itself when its trigger meets its source status."""

    trigger = models.CharField(max_length=20, choices=Trigger)
    source = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="automatic")
    target = models.ForeignKey(Status, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("source", "trigger"), name="automatic_once"),
        )
        verbose_name_plural = "automatic moves"

    def __str__(self) -> str:
        return f"{self.trigger}: {self.source} → {self.target}"
