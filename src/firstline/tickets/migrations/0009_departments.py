from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_reading")]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("address__isnull", False)),
                fields=["address", "-created_at"],
                name="ticket_address",
            ),
        ),
    ]
