"""An agent inside a customer's project, with that customer's rights (product 2.5, cap 81)."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from firstline.people.models.company import Project


class Visit(models.Model):
    """Who went in, through whose eyes, when, and when they came out again. Never deleted."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="visits", db_index=False
    )
    reason = models.CharField(max_length=300, blank=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)  # when the agent last opened a page inside
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("project", "-id"), name="visit_project"),
            models.Index(
                fields=("agent",), condition=models.Q(ended_at=None), name="visit_going_on"
            ),
        )

    def __str__(self) -> str:
        return f"{self.agent_id} as {self.person_id} in {self.project_id}"
