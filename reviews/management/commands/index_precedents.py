"""Puts archived determinations into the index of earlier determinations."""

from typing import Any

from django.core.management.base import BaseCommand

from reviews.services.precedent import index_missing_archived


class Command(BaseCommand):
    help = "Add archived items that the index of earlier determinations lacks; needed once after an upgrade."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{index_missing_archived():,} items added.")
