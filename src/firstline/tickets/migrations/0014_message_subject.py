"""Messages keep a subject of their own, and are found by their Message-ID."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0011_inbox")]
    operations = [
        migrations.AddField(
            "message",
            "subject",
            models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddIndex(
            "message", models.Index(fields=["header_id"], name="message_header_id")
        ),
    ]
