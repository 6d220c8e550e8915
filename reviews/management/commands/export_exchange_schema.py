"""Write `docs/exchange.schema.json`."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from reviews.letters.exchange_schema import EXCHANGE_SCHEMA


def document() -> str:
    """The whole text of `docs/exchange.schema.json`."""
    return json.dumps(EXCHANGE_SCHEMA, indent=2, ensure_ascii=False) + "\n"


class Command(BaseCommand):
    help = "Write docs/exchange.schema.json from the exchange form."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / "docs" / "exchange.schema.json"
        path.write_text(document(), encoding="utf-8")
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
