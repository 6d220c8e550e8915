from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from cases.services.bulk_reading import BulkReader


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases.selectors.numbers import case_id_for, case_numbers_of
        from cases.services.bulk_reading import use_reader
        from imr.audit.selectors.event import CaseNumbers, use_case_numbers

        use_case_numbers(CaseNumbers(case_id=case_id_for, numbers=case_numbers_of))
        use_reader(_reader)


def _reader() -> "BulkReader":
    # The forms of the pages read spreadsheets; they are imported when the first one comes.
    from cases.forms.bulk import ApplicationReader

    return ApplicationReader()
