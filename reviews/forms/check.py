"""The tick for advice that was read and not answered one by one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


class AdviceForm(forms.Form):
    """`digest` names the advice that the page showed; a tick for other advice does not count. Without unanswered
    advice (an empty digest) there is nothing to tick."""

    mark_optional = False

    advice_digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    advice_read = forms.BooleanField(label="I have read the advice above that I did not answer", required=False)

    def __init__(self, *args: Any, digest: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.digest = digest

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.digest:
            return data
        if data.get("advice_digest") != self.digest:
            self.add_error("advice_read", ValidationError("The advice has changed. Read it again, then sign."))
        elif not data.get("advice_read"):
            self.add_error("advice_read", ValidationError("Tick that you have read the advice, or answer each point."))
        return data
