"""Showing beside the fields what a service refused."""

from django import forms
from django.http import QueryDict

from imr.core import forms as core_forms
from imr.core.errors import DomainError
from reviews.exceptions import StaleVersionError


def add_refusal(form: forms.Form, error: DomainError) -> int:
    """As in `imr.core.forms`; after a stale version the form names the present one: who saves again has been told."""
    status = core_forms.add_refusal(form, error)
    if isinstance(error, StaleVersionError) and "version" in form.fields:
        data = QueryDict(mutable=True)
        data.update(form.data)
        data["version"] = str(error.current_version)
        form.data = data
    return status
