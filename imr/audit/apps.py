from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "imr.audit"
    label = "audit"

    def ready(self) -> None:
        from imr.audit.services import record
        from imr.core.acts import use_recorder

        use_recorder(record)
