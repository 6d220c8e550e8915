"""Versions of the letter's wording: drafted, approved by a second person, frozen, used by the day of decision."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from imr.audit.models import Event
from imr.core import clock
from imr.core.errors import ConflictError, DomainError, NotAllowedError
from reviews.models import LetterTemplate
from reviews.selectors.template import NoWordingError, compared, predecessor, wording_of, wording_on
from reviews.services.template import (
    TemplateEntry,
    approve_template,
    copy_template,
    discard_template,
    edit_template,
    preview_template,
)
from tests.factories.accounts import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast: Cast) -> LetterTemplate:
    source = LetterTemplate.objects.get(version="2026-1")
    return copy_template(template_id=source.pk, actor=cast.administrator)


def entry_of(template: LetterTemplate, **changes: object) -> TemplateEntry:
    return replace(
        TemplateEntry(
            in_force_from=template.in_force_from,
            note="The office moved.",
            organization_name=template.organization_name,
            reviewer_guideline_label=template.reviewer_guideline_label,
            texts=template.texts,
            parts=template.parts,
        ),
        **changes,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2013, 1, 1), "2013-1"),
        (date(2015, 12, 31), "2013-1"),
        (date(2016, 1, 1), "2016-1"),
        (date(2025, 12, 31), "2016-1"),
        (date(2026, 1, 1), "2026-1"),
        (date(2040, 1, 1), "2026-1"),
    ],
)
def test_wording_is_that_of_the_decision_date(day: date, version: str) -> None:
    assert wording_on(day).version == version


def test_day_without_wording_is_said() -> None:
    with pytest.raises(NoWordingError, match="No letter template is in force on 12/31/2012"):
        wording_on(date(2012, 12, 31))
    with pytest.raises(NoWordingError, match="no letter template 1999-1"):
        wording_of("1999-1")


def test_draft_is_not_used_until_a_second_person_approves_it(draft: LetterTemplate, cast: Cast) -> None:
    words = draft.texts | {"summary_lead": "Written by the reviewer of {organization}:"}
    edit_template(template_id=draft.pk, actor=cast.administrator, entry=entry_of(draft, texts=words))
    first_day = draft.in_force_from
    assert wording_on(first_day).version == "2026-1"
    with pytest.raises(NotAllowedError, match="second person"):
        approve_template(template_id=draft.pk, actor=cast.administrator)
    approved = approve_template(template_id=draft.pk, actor=cast.medical_director)
    assert approved.approved_by == cast.medical_director
    assert wording_on(first_day).version == approved.version
    assert wording_on(first_day - timedelta(days=1)).version == "2026-1"
    assert wording_of(approved.version).say("summary_lead").startswith("Written by the reviewer of Alder Creek")
    assert LetterTemplate.objects.get(version="2026-1").in_force_until == first_day
    assert Event.objects.filter(action="template.approve", actor=cast.medical_director).count() == 1
    with pytest.raises(ConflictError, match="is approved; its words never change"):
        edit_template(template_id=draft.pk, actor=cast.administrator, entry=entry_of(approved))
    with pytest.raises(ConflictError, match="is approved"):
        discard_template(template_id=draft.pk, actor=cast.administrator)


def test_who_changed_the_words_last_cannot_approve_them(draft: LetterTemplate, cast: Cast) -> None:
    edit_template(template_id=draft.pk, actor=cast.medical_director, entry=entry_of(draft))
    with pytest.raises(NotAllowedError):
        approve_template(template_id=draft.pk, actor=cast.medical_director)
    assert approve_template(template_id=draft.pk, actor=cast.administrator).status == "approved"


def test_version_begins_on_a_day_that_is_still_to_come(draft: LetterTemplate, cast: Cast) -> None:
    edit_template(template_id=draft.pk, actor=cast.administrator, entry=entry_of(draft, in_force_from=clock.today()))
    with pytest.raises(ConflictError, match="first day that is still to come"):
        approve_template(template_id=draft.pk, actor=cast.medical_director)


def test_version_begins_after_every_approved_one(draft: LetterTemplate, cast: Cast) -> None:
    source = LetterTemplate.objects.get(version="2026-1")
    later = copy_template(template_id=source.pk, actor=cast.administrator)
    edit_template(
        template_id=later.pk,
        actor=cast.administrator,
        entry=entry_of(later, in_force_from=draft.in_force_from + timedelta(days=9)),
    )
    assert later.version != draft.version
    approve_template(template_id=later.pk, actor=cast.medical_director)
    with pytest.raises(ConflictError, match="has to begin after it"):
        approve_template(template_id=draft.pk, actor=cast.medical_director)


@pytest.mark.parametrize("text", ["{reviewer}", "{{ letter }}", "{% debug %}", "open {brace", "close } brace", "{}"])
def test_unknown_placeholder_is_refused_beside_its_text(draft: LetterTemplate, cast: Cast, text: str) -> None:
    with pytest.raises(DomainError) as caught:
        edit_template(
            template_id=draft.pk, actor=cast.administrator, entry=entry_of(draft, texts=draft.texts | {"how": text})
        )
    assert list(caught.value.fields) == ["text_how"]
    draft.refresh_from_db()
    assert draft.texts["how"] != text


def test_words_that_no_font_can_draw_are_not_approved(draft: LetterTemplate, cast: Cast) -> None:
    texts = draft.texts | {"how": "Signed \U00013000 here."}
    edit_template(template_id=draft.pk, actor=cast.administrator, entry=entry_of(draft, texts=texts))
    with pytest.raises(DomainError):
        approve_template(template_id=draft.pk, actor=cast.medical_director)
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_database_keeps_approved_words_and_days_apart() -> None:
    changes: list[dict[str, object]] = [{"texts": {}}, {"in_force_from": date(2012, 1, 1)}, {"status": "draft"}]
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            LetterTemplate.objects.filter(version="2016-1").update(**change)
    with pytest.raises(IntegrityError, match="lettertemplate_no_overlap"), transaction.atomic():
        LetterTemplate.objects.filter(version="2016-1").update(in_force_until=date(2026, 1, 2))


def test_changes_are_marked_against_the_version_before(draft: LetterTemplate, cast: Cast) -> None:
    before = predecessor(draft)
    assert before is not None
    assert before.version == "2026-1"
    assert not any(row.pieces for row in compared(draft, before))
    draft.texts["how_heading"] += " NOW"
    changed = [row for row in compared(draft, before) if row.pieces]
    assert [row.label for row in changed] == ["Heading: how the determination was made"]
    assert preview_template(template=draft).page_count >= 1
