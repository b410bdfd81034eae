"""Alerts: tickets that we start, to tell a project something (product 5.4, cap 93-100)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from firstline.people.models import Project
from firstline.tickets.models.ticket import Ticket


class Alert(models.Model):
    """What makes a ticket an alert: its type. Its text is the ticket's first message."""

    class Type(models.TextChoices):
        INFORMATION = "information", _("Information")
        COMPLAINT = "complaint", _("Complaint")
        SUSPICIOUS = "suspicious", _("Suspicious activity")

    ticket = models.OneToOneField(Ticket, primary_key=True, on_delete=models.CASCADE)
    # The ticket's own, so that the few alerts among all tickets of a project are found at once.
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="alerts", db_index=False
    )
    type = models.CharField(max_length=11, choices=Type)

    class Meta:
        indexes = (models.Index(fields=("project", "-ticket"), name="alert_project"),)

    def __str__(self) -> str:
        return f"{self.type} {self.ticket_id}"
