"""Figures of law, holidays and the treatment taxonomy in the admin site."""

from django.contrib import admin

from cases.models import Holiday, LegalParameter, RecordRequirement, TreatmentCategory
from guidelines.admin import ReferenceAdmin, ReferenceInline


@admin.register(LegalParameter)
class LegalParameterAdmin(ReferenceAdmin):
    """A figure changes by an end date on the row in force and a new row from that day on."""

    list_display = [
        "label",
        "name",
        "deadline_id",
        "value",
        "unit",
        "in_force_from",
        "in_force_until",
        "citation",
        "is_confirmed",
    ]
    list_filter = ["is_confirmed", "deadline_id", "unit", "keyed_on"]
    search_fields = ["name", "label", "citation", "note"]
    date_hierarchy = "in_force_from"


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    list_display = ["day", "name", "closes_office", "is_confirmed", "basis"]
    list_filter = ["closes_office", "is_confirmed"]
    search_fields = ["name", "basis"]
    date_hierarchy = "day"


@admin.register(RecordRequirement)
class RecordRequirementAdmin(ReferenceAdmin):
    """A requirement changes by an end date on the row in force and a new row from that day on."""

    list_display = ["position", "title", "kinds", "asks", "in_force_from", "in_force_until", "citation", "is_confirmed"]
    list_filter = ["is_confirmed"]
    search_fields = ["code", "title", "citation", "note"]


class SubcategoryInline(ReferenceInline):
    model = TreatmentCategory
    fields = ["position", "code", "name", "is_active"]
    verbose_name = "subcategory"
    verbose_name_plural = "subcategories"


@admin.register(TreatmentCategory)
class TreatmentCategoryAdmin(ReferenceAdmin):
    list_display = ["name", "parent", "position", "is_active"]
    list_filter = [("parent", admin.RelatedOnlyFieldListFilter), "is_active"]
    list_select_related = ["parent"]
    search_fields = ["name", "code", "parent__name"]
    autocomplete_fields = ["parent"]
    inlines = [SubcategoryInline]
