"""Showing beside the fields what a service refused."""

from django import forms
from django.http import QueryDict

from imr.core.errors import DomainError
from reviews.exceptions import StaleVersionError


def add_refusal(form: forms.Form, error: DomainError) -> int:
    """The error's sentences are on the form, each beside its field where it has one; returns the HTTP status.

    What was typed stays. After a stale version the form names the present one: who saves again has been told.
    """
    for name, lines in error.fields.items():
        form.add_error(name if name in form.fields else None, lines)
    if not error.fields:
        form.add_error(None, error.message)
    if isinstance(error, StaleVersionError) and "version" in form.fields:
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["version"] = str(error.current_version)
        form.data = data
    return error.status
