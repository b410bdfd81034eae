from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mail", "0002_mailboxes")]

    operations = [
        migrations.AlterField(
            model_name="rawmail",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Pending"),
                    ("opened", "Opened"),
                    ("joined", "Joined"),
                    ("bounce", "Bounce"),
                    ("check", "Check"),
                    ("not-understood", "Not Understood"),
                ],
                default="",
                max_length=14,
            ),
        ),
    ]
