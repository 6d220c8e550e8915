from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0020_comment_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="finding",
            name="rationale_group",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
