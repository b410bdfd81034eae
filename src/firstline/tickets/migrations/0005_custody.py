from typing import Any

from django.db import migrations


def leave_with_partners(apps: Any, schema_editor: Any) -> None:
    """Open tickets of a partner with an own first line are that line's (cap 71)."""
    ticket = apps.get_model("tickets", "Ticket")
    held = ticket.objects.filter(partner__own_first_line=True, is_open=1)
    held.update(custody="partner")


class Migration(migrations.Migration):
    dependencies = (("tickets", "0004_desk"),)

    operations = (migrations.RunPython(leave_with_partners, migrations.RunPython.noop),)
