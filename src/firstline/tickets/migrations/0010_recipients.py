from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0009_departments"),
    ]

    operations = [
        migrations.AddField(
            model_name="keptdraft",
            name="recipients",
            field=models.JSONField(null=True),
        ),
        migrations.AddField(
            model_name="pendingmessage",
            name="recipients",
            field=models.JSONField(null=True),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("in", "In"),
                    ("out", "Out"),
                    ("comment", "Comment"),
                    ("hidden", "Hidden"),
                    ("between", "Between"),
                    ("forward", "Forward"),
                ],
                max_length=8,
            ),
        ),
    ]
