from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from cases.services import reference
from guidelines.services import catalog


class Command(BaseCommand):
    help = "Load or renew figures of law, holidays, the treatment taxonomy and the guideline catalog. Deletes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            counts = {
                "figures of law": reference.load_legal_parameters(),
                "holidays": reference.load_holidays(),
                "treatment categories": reference.load_treatment_categories(),
                **catalog.load_catalog(),
            }
        self.stdout.write("Loaded " + ", ".join(f"{count:,} {name}" for name, count in counts.items()) + ".")
