from django.urls import URLPattern, URLResolver, path

from imr.audit.views import event

app_name = "audit"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", event.event_list, name="event-list"),
]
