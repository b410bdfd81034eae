"""An ordinary answer asks for nothing: the customer reads "Answered", no longer "Waiting for your answer"."""

from typing import Any

from django.db import migrations

BEFORE = {"ru": "Ждём вашего ответа", "bg": "Чакаме ваш отговор", "en": "Waiting for your answer"}
AFTER = {"ru": "Отвечено", "bg": "Отговорено", "en": "Answered"}


def rename(apps: Any, schema_editor: Any) -> None:
    """Names that an administrator gave stay as they are."""
    for status in apps.get_model("tickets", "Status").objects.filter(phase="waiting"):
        if status.customer_names == BEFORE:
            status.customer_names = AFTER
            status.save(update_fields=["customer_names"])


class Migration(migrations.Migration):
    dependencies = (("tickets", "0014_message_subject"),)

    operations = (migrations.RunPython(rename, migrations.RunPython.noop),)
