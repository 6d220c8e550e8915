"""The hours of service in the admin site."""

from django.contrib import admin

from guidelines.admin import ReferenceAdmin
from reviews.models import ServiceHours


@admin.register(ServiceHours)
class ServiceHoursAdmin(ReferenceAdmin):
    """Hours change by an end date on the row in force and a new row from that day on."""

    list_display = ["in_force_from", "in_force_until", "cut_off", "opens", "basis", "is_confirmed"]
    list_filter = ["is_confirmed"]
    search_fields = ["basis", "note"]
    date_hierarchy = "in_force_from"
