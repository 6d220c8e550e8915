from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "imr.core"
    label = "core"
    verbose_name = "Shared ground"

    def ready(self) -> None:
        from imr.core import checks  # noqa: F401  registers the system checks
