from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_custody")]
    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("partner__isnull", False)),
                fields=["partner", "custody", "is_open", "awaiting", "waiting_since", "id"],
                name="ticket_partner_waits",
            ),
        ),
    ]
