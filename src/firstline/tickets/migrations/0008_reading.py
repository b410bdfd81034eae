from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0007_mailboxes"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="reading",
            field=models.JSONField(null=True),
        ),
    ]
