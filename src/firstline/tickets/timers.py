"""What happens to tickets by the clock alone: deferred ones return, resolved ones close, alerts that
nobody acknowledged are told of again."""

from datetime import timedelta

from django.utils import timezone

from firstline.tickets.actions import acknowledge
from firstline.tickets.actions.move import close_resolved, resume
from firstline.tickets.models import Ticket, Workflow
from firstline.tickets.models.workflow import Phase

AT_ONCE = 500  # a clock that jumped must not close everything in one go (D20)


def tick() -> None:
    """Return deferred tickets whose time has come, close those resolved for long enough, remind."""
    now = timezone.now()
    deferred = Ticket.objects.filter(phase=Phase.DEFERRED, pending_until__lte=now)
    for ticket_id in deferred.values_list("pk", flat=True)[:AT_ONCE]:
        resume(ticket_id)
    for workflow in Workflow.objects.exclude(close_after_days=None):
        before = now - timedelta(days=workflow.close_after_days or 0)
        resolved = Ticket.objects.filter(
            phase=Phase.RESOLVED, status__workflow=workflow, resolved_at__lte=before
        )
        for ticket_id in resolved.values_list("pk", flat=True)[:AT_ONCE]:
            close_resolved(ticket_id, before)
    for ticket_id in acknowledge.overdue(now, AT_ONCE):
        acknowledge.remind(ticket_id)
