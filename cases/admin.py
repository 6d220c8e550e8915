"""Figures of law, holidays and the treatment taxonomy in the admin site."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from cases.models import Holiday, LegalParameter, RecordRequirement, TreatmentCategory
from guidelines.admin import ReferenceAdmin, ReferenceInline


class LookedAtAdmin(ReferenceAdmin):
    """Rows that change by a proposal and a second person's approval, in the pages; here they are only looked at."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(LegalParameter)
class LegalParameterAdmin(LookedAtAdmin):
    """Figures of law, fees and penalties."""

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
class HolidayAdmin(LookedAtAdmin):
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
