"""The words of the index changed their form: all documents are written anew, while the desk serves."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def ask(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    newest = apps.get_model("tickets", "Ticket").objects.aggregate(pk=models.Max("pk"))["pk"]
    if newest is not None:
        apps.get_model("search", "Rebuild").objects.create(below=newest + 1)


class Migration(migrations.Migration):
    dependencies = [("search", "0003_lines"), ("tickets", "0011_inbox")]
    operations = [
        migrations.CreateModel(
            name="Rebuild",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("below", models.BigIntegerField()),
            ],
        ),
        migrations.RunPython(ask, migrations.RunPython.noop),
    ]
