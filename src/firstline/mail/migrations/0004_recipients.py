from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0003_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="dkimkey",
            name="found_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="recipients",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="outgoingmail",
            name="server",
            field=models.CharField(max_length=260, null=True),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(fields=["sent_at"], name="outgoing_sent"),
        ),
    ]
