"""The hours of service in the admin site."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from imr.audit.models import Event
from reviews.models import ServiceHours
from tests.factories.accounts import Cast


@pytest.mark.django_db
def test_operator_ends_the_hours_in_force_and_nobody_else_sees_them(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    row = ServiceHours.objects.get(in_force_until=None)
    address = reverse("admin:reviews_servicehours_change", args=[row.pk])
    operator = client_of(cast.operator)
    fields = dict(operator.get(address).context["adminform"].form.initial)
    sent = {name: "" if value is None else value for name, value in fields.items()} | {"in_force_until": "2040-01-01"}
    assert operator.post(address, sent).status_code == 302
    row.refresh_from_db()
    assert str(row.in_force_until) == "2040-01-01"
    assert Event.objects.filter(action="reference.edit", actor=cast.operator).exists()
    for person in (cast.administrator, cast.claims, cast.reviewer):
        assert client_of(person).get(address).status_code in {302, 403, 404}
