"""The Celery application. Its settings are the `CELERY_*` names of `imr.settings.base`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imr.settings.dev")

app = Celery("imr")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
