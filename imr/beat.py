"""The schedule's own Celery application: it sends names on time and runs nothing, so it loads no tasks."""

from celery import Celery

app = Celery("imr")
app.config_from_object("django.conf:settings", namespace="CELERY")
