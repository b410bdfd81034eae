from typing import Any

from django.db import migrations, models


def mark_hidden_drafts(apps: Any, schema_editor: Any) -> None:
    """Drafts of hidden comments were typed as such."""
    drafts = apps.get_model("tickets", "KeptDraft").objects
    drafts.filter(mode__in=["aside", "between", "hidden"]).update(is_internal=True)


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0011_inbox"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptdraft",
            name="is_internal",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="keptdraft",
            name="page",
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AddField(
            model_name="pendingmessage",
            name="is_internal",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_hidden_drafts, migrations.RunPython.noop),
    ]
