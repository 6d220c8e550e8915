"""The pages of the letter's wording."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from imr.accounts.models import User
from reviews.models import LetterTemplate
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


def test_version_is_copied_changed_previewed_and_approved(cast: Cast, client_of: Callable[[User], Client]) -> None:
    staff, director = client_of(cast.administrator), client_of(cast.medical_director)
    source = LetterTemplate.objects.get(version="2026-1")
    assert "2013-1" in staff.get(reverse("reviews:template-list")).content.decode()
    answer = staff.post(reverse("reviews:template-copy", args=[source.pk]))
    draft = LetterTemplate.objects.get(status="draft")
    edit = reverse("reviews:template-edit", args=[draft.pk])
    assert answer.headers["Location"] == edit
    fields = {name: value for name, value in staff.get(edit).context["form"].initial.items() if value is not None}
    fields |= {"in_force_from": f"{draft.in_force_from:%m/%d/%Y}", "note": "Plain words", "text_how": "It {went} well."}
    refused = staff.post(edit, fields)
    assert refused.status_code in {400, 422}
    page = refused.content.decode()
    assert "“{went}” is no placeholder of letters." in page
    assert "It {went} well." in page
    saved = staff.post(edit, fields | {"text_how": "The reviewer of {organization} read the file."})
    assert saved.status_code == 302
    detail = reverse("reviews:template-detail", args=[draft.pk])
    own, other = staff.get(detail).content.decode(), director.get(detail).content.decode()
    assert "1 of" in own
    assert "<ins>" in own
    assert "A second person approves" in own
    assert reverse("reviews:template-approve", args=[draft.pk]) in other
    preview = director.get(reverse("reviews:template-preview", args=[draft.pk]))
    assert preview.content.startswith(b"%PDF")
    assert director.post(reverse("reviews:template-approve", args=[draft.pk])).status_code == 302
    draft.refresh_from_db()
    assert draft.status == "approved"
    assert staff.post(reverse("reviews:template-discard", args=[draft.pk])).status_code == 409


@pytest.mark.parametrize("since", ["x", "-1", "9" * 5000, "99999999"], ids=["word", "negative", "long", "none"])
def test_unknown_version_to_compare_with_is_not_found(
    cast: Cast, client_of: Callable[[User], Client], since: str
) -> None:
    template = LetterTemplate.objects.get(version="2026-1")
    address = reverse("reviews:template-detail", args=[template.pk])
    assert client_of(cast.medical_director).get(address, {"since": since}).status_code == 404


def test_empty_text_is_named_beside_its_field(cast: Cast, client_of: Callable[[User], Client]) -> None:
    staff = client_of(cast.administrator)
    staff.post(reverse("reviews:template-copy", args=[LetterTemplate.objects.get(version="2013-1").pk]))
    draft = LetterTemplate.objects.get(status="draft")
    answer = staff.post(reverse("reviews:template-edit", args=[draft.pk]), {"note": "x", "in_force_from": "2/30/2027"})
    assert answer.status_code == 422
    assert "Write this text; a letter without it would have a gap." in answer.content.decode()
