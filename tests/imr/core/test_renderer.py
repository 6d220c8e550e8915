"""The markup of forms: labels, descriptions and errors belong to their control."""

import re

from django import forms

from imr.core.forms import CleanCharField
from imr.core.renderer import UswdsBoundField


class _Form(forms.Form):
    number = CleanCharField(label="Claim number", max_length=5, help_text="As on the decision.")
    note = CleanCharField(label="Note", max_length=50, multiline=True, required=False)
    speed = forms.ChoiceField(label="Speed", choices=[("s", "Standard"), ("e", "Expedited")], widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="Kinds", choices=[("a", "A & B"), ("c", "C")], widget=forms.CheckboxSelectMultiple, required=False
    )
    consent = forms.BooleanField(label="I consent", help_text="To release.")
    other = forms.CharField(label="Other", max_length=7, required=False)
    paper = forms.FileField(label="Paper", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def drawn(form: forms.Form, name: str) -> str:
    return re.sub(r"\s+", " ", form[name].as_field_group())


def test_control_names_its_help_and_its_error() -> None:
    markup = drawn(_Form({}), "number")
    assert '<label class="usa-label" for="id_number">Claim number</label>' in markup
    assert 'id="id_number_helptext">As on the decision.' in markup
    assert re.search(r'id="id_number_error"><span class="usa-sr-only">Error:</span> Enter the claim number\.', markup)
    assert 'aria-describedby="id_number_helptext id_number_error"' in markup
    assert 'aria-invalid="true"' in markup
    assert "usa-input usa-input--error" in markup
    assert "required" not in markup


def test_group_is_a_fieldset_described_by_its_error_and_its_buttons_are_plain() -> None:
    form = _Form({})
    markup = drawn(form, "speed")
    assert '<fieldset class="usa-fieldset" aria-describedby="id_speed_error">' in markup
    assert '<legend class="usa-legend">Speed</legend>' in markup
    assert markup.count('class="usa-radio__input"') == 2
    assert "aria-invalid" not in markup
    assert '<label class="usa-radio__label" for="id_speed_1">Expedited</label>' in markup
    field = form["speed"]
    assert isinstance(field, UswdsBoundField)
    assert field.focus_id == "id_speed_0"


def test_checked_boxes_come_back_checked_and_labels_are_escaped() -> None:
    markup = drawn(_Form({"kinds": ["a"]}), "kinds")
    assert re.search(r'value="a"[^>]*checked', markup)
    assert not re.search(r'value="c"[^>]*checked', markup)
    assert "A &amp; B" in markup
    assert "(optional)" in markup


def test_single_checkbox_stands_before_its_label() -> None:
    markup = drawn(_Form({}), "consent")
    assert markup.index('type="checkbox"') < markup.index('<label class="usa-checkbox__label" for="id_consent">')
    assert 'aria-describedby="id_consent_helptext id_consent_error"' in markup
    assert "(optional)" not in markup


def test_text_area_says_its_limit_and_does_not_cut() -> None:
    markup = drawn(_Form({"note": "x" * 60}), "note")
    assert "Up to 50 characters." in markup
    assert 'data-limit="50"' in markup
    assert 'aria-describedby="id_note_error id_note_limit"' in markup
    assert "maxlength" not in markup
    assert "x" * 60 in markup
    assert "maxlength" not in drawn(_Form(), "other")


def test_optional_marks_can_be_turned_off_and_hidden_fields_are_bare() -> None:
    class Filter(_Form):
        mark_optional = False

    class Conditional(_Form):
        conditional = frozenset({"note"})

    assert "(optional)" not in drawn(Filter(), "note")
    assert "(optional)" in drawn(_Form(), "note")
    assert "(optional)" not in drawn(Conditional(), "note")
    assert drawn(_Form(), "token").strip() == '<input type="hidden" name="token" id="id_token">'
    assert 'class="file-field"' in drawn(_Form(), "paper")


def test_whole_form_draws_every_field_once() -> None:
    markup = str(_Form())
    assert markup.count("usa-form-group") == 7
    assert markup.count('name="token"') == 1
