"""Addresses that send filled-in forms; unsorted mail can be marked as spam."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

OUTCOMES = [
    ("", "Pending"),
    ("opened", "Opened"),
    ("joined", "Joined"),
    ("bounce", "Bounce"),
    ("check", "Check"),
    ("not-understood", "Not Understood"),
    ("spam", "Spam"),
    ("deleted", "Deleted"),
]


class Migration(migrations.Migration):
    dependencies = [("mail", "0010_deleted"), ("tickets", "0011_inbox")]
    operations = [
        migrations.AlterField(
            "rawmail",
            "outcome",
            models.CharField(blank=True, choices=OUTCOMES, default="", max_length=14),
        ),
        migrations.CreateModel(
            name="FormSender",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.EmailField(max_length=254)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "department",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tickets.department",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("address", "department"), name="form_sender_once"
                    )
                ]
            },
        ),
    ]
