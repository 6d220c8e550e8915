from django.urls import URLPattern, URLResolver, path

from guidelines import views

app_name = "guidelines"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.search, name="search"),
    path("<slug:code>/", views.source, name="source"),
]
