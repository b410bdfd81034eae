from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0012_internal_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="pendingmessage",
            name="status",
            field=models.SlugField(blank=True, default=""),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("is_open", 1)),
                fields=["responsible", "awaiting", "waiting_since", "id"],
                name="ticket_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("phase", "deferred")),
                fields=["responsible", "pending_until", "id"],
                name="ticket_deferred",
            ),
        ),
    ]
