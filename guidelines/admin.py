"""The catalog in the admin site; what is edited here stays through later loads of the reference data."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from guidelines.models import GuidelineEdition, GuidelineSection, GuidelineSource
from guidelines.services.reference import record_edit
from imr.accounts.models import User

HELP = {
    "in_force_until": "The first day on which it is no longer in force. Leave empty while it is.",
    "is_confirmed": "Checked against the section itself. Until then pages say “to be confirmed”.",
    "page_total": "Given for an edition that letters cite by page.",
    "effective_on": "The day that letters print.",
    "closes_office": "Business-day periods step over the day.",
    "keyed_on": "Which date of the case chooses the row.",
}


# Django's admin classes are generic in the stubs alone.
class ReferenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Reference data: operators add and edit, every edit is in the audit record, nothing is deleted.

    Rows that cases rest on must stay; to end one, give it a last day or switch it off.
    """

    save_on_top = True

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("help_text", HELP.get(db_field.name, db_field.help_text))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_operator(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_operator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return _is_operator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        _record(request, obj, form.changed_data)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        super().save_formset(request, form, formset, change)
        for obj, fields in formset.changed_objects:
            _record(request, obj, fields)
        for obj in formset.new_objects:
            _record(request, obj, ["added"])


class ReferenceInline(admin.TabularInline):  # type: ignore[type-arg]
    extra = 0
    can_delete = False
    show_change_link = True

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_operator(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_operator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_operator(request)


class EditionInline(ReferenceInline):
    model = GuidelineEdition
    fields = ["year", "label", "regulation", "effective_on", "in_force_from", "in_force_until", "is_confirmed"]


class SectionInline(ReferenceInline):
    model = GuidelineSection
    fields = ["position", "chapter", "title", "pages"]


@admin.register(GuidelineSource)
class GuidelineSourceAdmin(ReferenceAdmin):
    list_display = ["name", "body", "step", "publisher", "is_active"]
    list_filter = ["body", "step", "is_active"]
    search_fields = ["name", "short_name", "publisher", "code"]
    prepopulated_fields = {"code": ["name"]}
    inlines = [EditionInline]


@admin.register(GuidelineEdition)
class GuidelineEditionAdmin(ReferenceAdmin):
    list_display = ["source", "year", "in_force_from", "in_force_until", "regulation", "is_confirmed"]
    list_filter = ["source__body", "is_confirmed", "in_force_from"]
    list_select_related = ["source"]
    search_fields = ["source__name", "label", "regulation", "=year"]
    autocomplete_fields = ["source"]
    inlines = [SectionInline]


@admin.register(GuidelineSection)
class GuidelineSectionAdmin(ReferenceAdmin):
    list_display = ["__str__", "edition", "pages", "position"]
    list_filter = ["edition__source__body", "edition__source"]
    list_select_related = ["edition__source"]
    search_fields = ["title", "chapter", "edition__source__name", "edition__source__short_name"]
    autocomplete_fields = ["edition"]


def _record(request: HttpRequest, obj: Model, fields: Iterable[str]) -> None:
    if isinstance(request.user, User) and fields:
        record_edit(actor=request.user, instance=obj, fields=fields)


def _is_operator(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_staff
