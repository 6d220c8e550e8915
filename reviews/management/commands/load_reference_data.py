from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from cases.services import reference
from guidelines.services import catalog
from reviews.services.reference import load_letter_templates, load_service_hours


class Command(BaseCommand):
    help = "Load or renew figures of law, holidays, treatments, guidelines and wordings. Deletes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            counts = {
                "figures of law": reference.load_legal_parameters(),
                "holidays": reference.load_holidays(),
                "treatment categories": reference.load_treatment_categories(),
                "wordings of notices": reference.load_notice_wordings(),
                "records to be sent": reference.load_record_requirements(),
                "reasons of ends": reference.load_ending_reasons(),
                **catalog.load_catalog(),
                "letter templates": load_letter_templates(),
                "hours of service": load_service_hours(),
            }
        self.stdout.write("Loaded " + ", ".join(f"{count:,} {name}" for name, count in counts.items()) + ".")
