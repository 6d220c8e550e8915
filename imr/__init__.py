"""Composition of the product: settings, URLs, processes, and the ground every app stands on."""

from imr.celery import app as celery_app

__all__ = ["celery_app"]
