import uuid
from typing import Any

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


def name_removals(apps: Any, schema_editor: Any) -> None:
    """Until now a document could only be removed from a draft, by a person."""
    document = apps.get_model("cases", "Document")
    document.objects.filter(removed_at__isnull=False).update(removal="withdrawn")


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0013_expedited_certification"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("modified", models.PositiveBigIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ur_decision", "UR decision letter"),
                            ("signed_form", "Signed DWC Form IMR"),
                            ("representation", "Notice of representation or designation"),
                            ("expedited_certification", "Physician's certification of serious threat"),
                            ("rfa", "Request for authorization (DWC Form RFA)"),
                            ("medical_report", "Medical report"),
                            ("diagnostic_report", "Diagnostic report"),
                            ("other", "Other"),
                        ],
                        max_length=30,
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("claims_administrator", "Claims administrator"),
                            ("employee", "Injured worker or representative"),
                            ("physician", "Physician"),
                            ("imr_organization", "IMR organization"),
                        ],
                        max_length=30,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=200)),
                ("author", models.CharField(blank=True, max_length=200)),
                ("dated_on", models.DateField(blank=True, null=True)),
                ("is_name_confirmed", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("expires_at", models.DateTimeField()),
                ("refusal", models.CharField(blank=True, max_length=40)),
                ("refusal_words", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["created_at", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="document_removed_pair",
        ),
        migrations.AddField(
            model_name="document",
            name="late_decided_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="document",
            name="late_decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="late_decision",
            field=models.CharField(
                blank=True,
                choices=[
                    ("forwarded", "Forwarded to the reviewer"),
                    ("considered", "Read by the IMR organization: it changes nothing"),
                    ("too_late", "Too late: not considered"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="late_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="document",
            name="lateness",
            field=models.CharField(
                blank=True,
                choices=[
                    ("after_due", "Received after the records were due"),
                    ("after_complete", "Received after the records were complete"),
                    ("after_signature", "Came to the file after the determination"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="removal",
            field=models.CharField(
                blank=True,
                choices=[
                    ("withdrawn", "Removed before the application was submitted"),
                    ("replaced", "Replaced by a newer version"),
                    ("virus", "Refused: did not pass the virus check"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="replaced_by",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replaces",
                to="cases.document",
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="scan",
            field=models.CharField(
                choices=[
                    ("not_checked", "Not checked for viruses"),
                    ("waiting", "Being checked for viruses"),
                    ("clean", "No virus found"),
                    ("refused", "Did not pass the virus check"),
                ],
                default="not_checked",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="document",
            name="scanned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(name_removals, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("removal", ""), ("removed_at__isnull", True), ("removed_by__isnull", True)),
                    models.Q(
                        ("removal__in", ["withdrawn", "replaced"]),
                        ("removed_at__isnull", False),
                        ("removed_by__isnull", False),
                    ),
                    models.Q(("removal", "virus"), ("removed_at__isnull", False), ("removed_by__isnull", True)),
                    _connector="OR",
                ),
                name="document_removed_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_by__isnull", True), models.Q(("removal", "replaced"), _negated=True)),
                    models.Q(("removal", "replaced"), ("replaced_by__isnull", False)),
                    _connector="OR",
                ),
                name="document_replaced_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("scan__in", ["not_checked", "waiting", "clean", "refused"])),
                name="document_scan_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("scan", "refused"), _negated=True), ("removal", "virus"), _connector="OR"),
                name="document_refused_is_removed",
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("late_decided_at__isnull", True), ("late_decided_by__isnull", True), ("late_decision", "")
                    ),
                    models.Q(
                        ("late_decided_at__isnull", False),
                        ("late_decided_by__isnull", False),
                        models.Q(("late_decision", ""), _negated=True),
                        models.Q(("lateness", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="document_late_decided_pair",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="uploads", to="cases.case"
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="document",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="cases.document",
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="uploaded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="upload_has_bytes"),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", True), ("refusal", ""), _connector="OR"),
                name="upload_ends_once",
            ),
        ),
    ]
