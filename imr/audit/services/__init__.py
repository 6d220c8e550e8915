from imr.audit.services.event import record

__all__ = ["record"]
