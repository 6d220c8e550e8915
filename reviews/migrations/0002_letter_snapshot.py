from django.db import migrations


class Migration(migrations.Migration):
    """A letter's snapshot digest must be its determination's: a composite key, which Django cannot state."""

    dependencies = [("reviews", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=(
                "ALTER TABLE reviews_letter ADD CONSTRAINT letter_of_its_snapshot "
                "FOREIGN KEY (determination_id, snapshot_sha256) "
                "REFERENCES reviews_determination (id, snapshot_sha256) DEFERRABLE INITIALLY DEFERRED"
            ),
            reverse_sql="ALTER TABLE reviews_letter DROP CONSTRAINT letter_of_its_snapshot",
        )
    ]
