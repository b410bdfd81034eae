import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import firstline.mail.models.agents


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0007_import"),
        ("tickets", "0010_recipients"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AgentAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=firstline.mail.models.agents.new_token, max_length=32, unique=True
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("person", "ticket"), name="agent_address_once")
                ],
            },
        ),
        migrations.AddField(
            model_name="rawmail",
            name="confirmed_to",
            field=models.CharField(max_length=260, null=True),
        ),
        migrations.AddIndex(
            model_name="rawmail",
            index=models.Index(
                condition=models.Q(("confirmed_to__isnull", False)),
                fields=["confirmed_to", "received_at"],
                name="rawmail_confirmed",
            ),
        ),
    ]
