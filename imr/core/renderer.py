"""Form rendering in the markup of the U.S. Web Design System."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting


class UswdsBoundField(BoundField):
    """Adds the design system's classes to the widget; the ARIA attributes come from Django."""

    KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
        (forms.Textarea, "usa-textarea"),
        (forms.RadioSelect, "usa-radio__input"),
        (forms.CheckboxSelectMultiple, "usa-checkbox__input"),
        (forms.Select, "usa-select"),
        (forms.CheckboxInput, "usa-checkbox__input"),
        (forms.FileInput, "usa-file-input"),
        (forms.TextInput, "usa-input"),
    )

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        shown = widget or self.field.widget
        for kind, css in self.KINDS:
            if isinstance(shown, kind):
                error = (
                    f" {css}--error"
                    if self.errors and css.startswith(("usa-input", "usa-textarea", "usa-select"))
                    else ""
                )
                attrs["class"] = f"{shown.attrs.get('class', '')} {css}{error}".strip()
                break
        return attrs


class UswdsRenderer(TemplatesSetting):
    """The project's `FORM_RENDERER`."""

    bound_field_class = UswdsBoundField
    field_template_name = "components/field.html"
