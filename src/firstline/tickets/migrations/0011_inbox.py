from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0010_recipients"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("is_open", 1)),
                fields=["department", "phase", "waiting_since", "id"],
                name="ticket_inbox",
            ),
        ),
    ]
