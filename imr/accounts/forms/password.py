"""Choosing passwords."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from imr.accounts.models import User

CHOICE_HINT = "At least 12 characters. A few words in a row are good; nothing that others would guess of you."
MAX_PASSWORD_LENGTH = 1_000


def new_password_field(label: str = "New password") -> forms.CharField:
    """A password to be chosen; kept exactly as typed."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=CHOICE_HINT,
        error_messages={"required": "Choose a password."},
    )


def repeated_password_field() -> forms.CharField:
    return forms.CharField(
        label="The same password again",
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": "Type the password a second time."},
    )


class ResetRequestForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={
            "required": "Enter your e-mail address.",
            "invalid": "Enter an e-mail address such as name@example.com.",
        },
    )


class NewPasswordForm(forms.Form):
    """A new password, twice, held against the rules for `user`."""

    new_password1 = new_password_field()
    new_password2 = repeated_password_field()

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_new_password1(self) -> str:
        password = str(self.cleaned_data["new_password1"])
        validate_password(password, self.user)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, second = data.get("new_password1"), data.get("new_password2")
        if first and second and first != second:
            self.add_error("new_password2", "The two passwords are not the same. Type them again.")
        return data


class ChangePasswordForm(NewPasswordForm):
    """As above, for somebody who is signed in and proves to be the person by the present password.

    The proof goes through the sign-in backends, so wrong tries count toward the lock.
    """

    old_password = forms.CharField(
        label="Present password",
        strip=False,
        max_length=MAX_PASSWORD_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your present password."},
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, request: HttpRequest, user: User, *args: Any, **kwargs: Any) -> None:
        self.request = request
        super().__init__(user, *args, **kwargs)

    def clean_old_password(self) -> str:
        password = str(self.cleaned_data["old_password"])
        if authenticate(self.request, username=self.user.email, password=password) is None:
            raise ValidationError("This is not your present password.")
        return password
