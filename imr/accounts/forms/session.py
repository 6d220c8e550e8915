"""Signing in."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """E-mail address and password."""

    error_messages = {
        "invalid_login": (
            "The e-mail address or the password is not right. Check both and try again; "
            "small and capital letters matter in the password."
        ),
        "inactive": "The e-mail address or the password is not right. Check both and try again.",
    }

    def __init__(self, request: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"] = forms.EmailField(
            label="E-mail address",
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
            error_messages={
                "required": "Enter your e-mail address.",
                "invalid": "Enter an e-mail address such as name@example.com.",
            },
        )
        self.fields["password"] = forms.CharField(
            label="Password",
            strip=False,
            max_length=1_000,
            widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            error_messages={"required": "Enter your password."},
        )

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).lower()
