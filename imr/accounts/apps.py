from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "imr.accounts"
    label = "accounts"

    def ready(self) -> None:
        from imr.accounts import tasks  # noqa: F401  registers the jobs
