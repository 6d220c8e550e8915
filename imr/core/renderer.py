"""Form rendering in the markup of the U.S. Web Design System."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest


class UswdsBoundField(BoundField):
    """Adds the design system's classes to the widget; the ARIA attributes come from Django.

    There is no `required` attribute: what is optional says so, and what is missing is named by the server, in
    the same words on every browser. Nor is there a `maxlength`, which cuts off pasted text without a word.
    """

    KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.Textarea, "usa-textarea"),
        (forms.RadioSelect, "usa-radio__input"),
        (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
        (forms.Select, "usa-select"),
        (forms.CheckboxInput, "usa-checkbox__input"),
        (forms.FileInput, "file-field"),
        (forms.widgets.Input, "usa-input"),
    )
    WITH_ERROR_LOOK = frozenset({"usa-input", "usa-textarea", "usa-select"})

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        shown = widget or self.field.widget
        if shown.is_hidden:
            return attrs
        for kind, css in self.KINDS:
            if isinstance(shown, kind):
                error = f" {css}--error" if self.errors and css in self.WITH_ERROR_LOOK else ""
                attrs["class"] = f"{shown.attrs.get('class', '')} {css}{error}".strip()
                break
        if isinstance(shown, forms.RadioSelect | forms.CheckboxSelectMultiple):
            # The state belongs to the group, which says it through its description.
            attrs.pop("aria-invalid", None)
        if shown.attrs.get("maxlength") is not None:
            attrs["maxlength"] = False
        if self.was_chosen:
            described = attrs.get("aria-describedby") or ""
            attrs["aria-describedby"] = f"{described} {self.auto_id}_again".strip()
        if self.limit:
            attrs["data-limit"] = str(self.limit)
            described = attrs.get("aria-describedby") or ""
            attrs["aria-describedby"] = f"{described} {self.auto_id}_limit".strip()
        return attrs

    @property
    def kind(self) -> str:
        """Which branch of the field template draws this field."""
        widget = self.field.widget
        if self.use_fieldset:
            return "group"
        if isinstance(widget, forms.CheckboxInput):
            return "checkbox"
        return "file" if isinstance(widget, forms.FileInput) else "plain"

    @property
    def limit(self) -> int:
        """How many characters a text area takes; 0 where nothing is to be counted."""
        if isinstance(self.field.widget, forms.Textarea):
            return getattr(self.field, "max_length", None) or 0
        return 0

    @property
    def is_marked_optional(self) -> bool:
        """Whether the label says "(optional)"; a form turns it off with `mark_optional = False`.

        Fields that an answer makes required (`conditional` of the form) are not marked either.
        """
        return (
            not self.field.required
            and self.name not in getattr(self.form, "conditional", ())
            and not isinstance(self.field.widget, forms.CheckboxInput)
            and getattr(self.form, "mark_optional", True)
        )

    @property
    def was_chosen(self) -> bool:
        """Whether a file without fault came with a form that is shown again: browsers do not keep the choice."""
        return self.kind == "file" and self.form.is_bound and bool(self.data) and not self.errors

    @property
    def focus_id(self) -> str:
        """The id that a link of the error summary leads to."""
        widget = self.field.widget
        if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            return f"{self.auto_id}_0"
        return self.id_for_label or self.auto_id

    @property
    def error_id(self) -> str:
        return f"{self.auto_id}_error"

    @property
    def help_id(self) -> str:
        return f"{self.auto_id}_helptext"


class UswdsRenderer(TemplatesSetting):
    """The project's `FORM_RENDERER`.

    Groups of radio buttons and checkboxes are redirected here and not by overriding Django's templates, which
    the admin site uses as well.
    """

    bound_field_class = UswdsBoundField
    field_template_name = "components/field.html"
    form_template_name = "components/form_fields.html"
    REPLACED: Final[Mapping[str, str]] = {
        "django/forms/widgets/radio.html": "components/widgets/choices.html",
        "django/forms/widgets/checkbox_select.html": "components/widgets/choices.html",
        "django/forms/widgets/clearable_file_input.html": "django/forms/widgets/file.html",
    }

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        return super().render(self.REPLACED.get(template_name, template_name), context, request)
