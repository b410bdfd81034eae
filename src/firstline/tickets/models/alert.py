"""What makes a ticket an alert: a message to a project that we start (product 5.4, cap 93-100)."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firstline.base.work import Work
from firstline.files.models import File
from firstline.people.models import Person, Project
from firstline.tickets.models.department import Department
from firstline.tickets.models.ticket import Ticket


class AlertType(models.TextChoices):
    """What the customer is told at once."""

    INFORMATION = "information", _("Information")
    COMPLAINT = "complaint", _("Complaint")
    SUSPICIOUS = "suspicious", _("Suspicious activity")


class Broadcast(models.Model):
    """One alert to many projects at once, with what all of its tickets share."""

    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=11, choices=AlertType)
    title = models.CharField(max_length=300)
    text = models.TextField()
    files: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(File, related_name="+")
    department = models.ForeignKey(Department, null=True, on_delete=models.PROTECT)
    acknowledge_by = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.title


class Alert(models.Model):
    """The alert of a ticket: its type, to which project it went, and by when it is to be read."""

    Type = AlertType

    ticket = models.OneToOneField(
        Ticket, primary_key=True, on_delete=models.CASCADE, related_name="alert"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="alerts", db_index=False
    )
    type = models.CharField(max_length=11, choices=AlertType)
    broadcast = models.ForeignKey(
        Broadcast, null=True, on_delete=models.PROTECT, related_name="alerts"
    )
    acknowledge_by = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    # When the second mail went, because nobody had acknowledged it in time.
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("project", "-ticket"), name="alert_project"),
            models.Index(
                fields=("acknowledge_by",),
                condition=Q(acknowledged_at=None, reminded_at=None),
                name="alert_overdue",
            ),
        )

    def __str__(self) -> str:
        return f"{self.type} to {self.project_id}"


class AlertReceipt(models.Model):
    """What one person did with an alert; the first time of each counts (product 11.9)."""

    alert = models.ForeignKey(
        Alert, on_delete=models.CASCADE, related_name="receipts", db_index=False
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("alert", "person"), name="receipt_once"),)

    def __str__(self) -> str:
        return f"{self.alert_id} read by {self.person_id}"


class BroadcastItem(Work):
    """One project that a broadcast is to reach; `problem` says why it did not."""

    broadcast = models.ForeignKey(
        Broadcast, on_delete=models.CASCADE, related_name="items", db_index=False
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("broadcast", "project"), name="broadcast_item_once"),
        )
        indexes = (models.Index(fields=("state", "due_at"), name="broadcast_item_due"),)

    def __str__(self) -> str:
        return f"{self.broadcast_id}: {self.project_id}"
