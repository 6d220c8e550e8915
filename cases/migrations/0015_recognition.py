import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0014_uploads_and_versions"),
    ]

    operations = [
        migrations.AddField(
            model_name="documentpage",
            name="is_recognized",
            field=models.BooleanField(default=False, verbose_name="read from a picture"),
        ),
        migrations.CreateModel(
            name="DocumentRecognition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("running", "Scanned pages are being read"),
                            ("done", "Scanned pages were read"),
                            ("failed", "Scanned pages could not be read"),
                        ],
                        default="running",
                        max_length=10,
                    ),
                ),
                ("pages_done", models.PositiveIntegerField(default=0)),
                ("pages_recognized", models.PositiveIntegerField(default=0)),
                ("copy_sha256", models.CharField(blank=True, max_length=64)),
                ("copy_size", models.PositiveBigIntegerField(default=0)),
                (
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="recognition", to="cases.document"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("copy_size__gt", 0), ("state", "done"), models.Q(("copy_sha256", ""), _negated=True)
                            ),
                            models.Q(models.Q(("state", "done"), _negated=True), ("copy_sha256", "")),
                            _connector="OR",
                        ),
                        name="documentrecognition_done_has_copy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("pages_recognized__lte", models.F("pages_done"))),
                        name="documentrecognition_recognized_within",
                    ),
                ],
            },
        ),
    ]
