"""Reads the text of documents for the search of records."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cases.models import Document
from cases.rules.documents import OPENABLE
from cases.selectors.page import unread_documents
from cases.services.page import read_pages
from imr.core.storage import IntegrityError


class Command(BaseCommand):
    help = (
        "Read the text of every document that was never read, so that its pages can be searched. "
        "Can be broken off and started again. Exit status 1 when stored bytes are missing or were changed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--all", action="store_true", help="read every document anew")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = unread_documents()
        if options["all"]:
            wanted = Document.objects.filter(removed_at__isnull=True, scan__in=OPENABLE).order_by("pk")
        ids = list(wanted.values_list("pk", flat=True))
        pages = failed = 0
        for number, document_id in enumerate(ids, start=1):
            try:
                reading = read_pages(document_id=document_id, again=options["all"])
            except IntegrityError as error:
                failed += 1
                self.stderr.write(f"Document {document_id}: {error.message}")
                continue
            pages += reading.text_pages if reading else 0
            if number % 100 == 0:
                self.stdout.write(f"{number:,} of {len(ids):,} documents")
        self.stdout.write(f"{len(ids) - failed:,} documents read, {pages:,} pages with text.")
        if failed:
            raise CommandError(f"{failed:,} documents could not be read.")
