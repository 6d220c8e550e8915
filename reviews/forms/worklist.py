"""The filters of the worklist, kept in the address."""

from django import forms

from cases.enums import Priority
from imr.core.forms import CleanCharField
from reviews.selectors.worklist import WorkFilter

_FILTERS = ("number", "priority", "due", "is_new")


class WorkFilterForm(forms.Form):
    """Narrows a list of the worklist. The list and its order stay as they are."""

    mark_optional = False

    number = CleanCharField(label="Case number, or part of it", max_length=20, required=False)
    priority = forms.ChoiceField(label="Priority", required=False, choices=[("", "Any"), *Priority.choices])
    due = forms.ChoiceField(
        label="Due", required=False, choices=[("", "Any day"), ("overdue", "Overdue"), ("week", "Within 7 days")]
    )
    is_new = forms.BooleanField(label="Only what is new", required=False)
    # A list or an order that there is not shows the first one: no reason to refuse.
    state = forms.CharField(required=False, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    def wanted(self) -> WorkFilter:
        """What to look for; nothing in particular when a filter is not right."""
        if not self.is_valid():
            return WorkFilter()
        return WorkFilter(**{name: self.cleaned_data[name] for name in _FILTERS})

    @property
    def is_narrowing(self) -> bool:
        return self.is_valid() and any(self.cleaned_data[name] for name in _FILTERS)
