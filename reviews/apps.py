from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        from cases.services.message import use_name_check
        from reviews.services.case_message_check import names_reviewer_of_case

        use_name_check(names_reviewer_of_case)
