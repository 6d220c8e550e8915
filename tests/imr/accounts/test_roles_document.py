from pathlib import Path

from django.conf import settings

from imr.accounts.management.commands.export_roles import document


def test_roles_document_is_up_to_date() -> None:
    written = (Path(settings.BASE_DIR) / "docs" / "roles.md").read_text(encoding="utf-8")
    assert written == document(), "Run manage.py export_roles."
