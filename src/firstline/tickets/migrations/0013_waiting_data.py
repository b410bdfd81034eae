"""Deferred tickets leave New and Reply needed, and no alert is deferred without a time to come back at."""

from typing import Any

from django.db import migrations


def settle(apps: Any, _editor: Any) -> None:
    ticket, alert = apps.get_model("tickets", "Ticket"), apps.get_model("tickets", "Alert")
    deferred = ticket.objects.filter(phase="deferred")
    deferred.filter(pending_until__isnull=False, level__is_first=True).update(desk_group="")
    alerts = deferred.filter(pending_until=None, pk__in=alert.objects.values("pk"))
    for workflow in apps.get_model("tickets", "Workflow").objects.all():
        opened = workflow.statuses.filter(phase="open").order_by("position").first()
        if opened is not None:
            ids = list(alerts.filter(status__workflow=workflow).values_list("pk", flat=True))
            ticket.objects.filter(pk__in=ids).update(status=opened, phase="open")


class Migration(migrations.Migration):
    dependencies = (("tickets", "0013_waiting"),)
    operations = (migrations.RunPython(settle, migrations.RunPython.noop),)
