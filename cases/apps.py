from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases.selectors.numbers import case_id_for, case_numbers_of
        from imr.audit.selectors.event import CaseNumbers, use_case_numbers

        use_case_numbers(CaseNumbers(case_id=case_id_for, numbers=case_numbers_of))
