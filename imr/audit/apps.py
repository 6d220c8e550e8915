from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "imr.audit"
    label = "audit"
