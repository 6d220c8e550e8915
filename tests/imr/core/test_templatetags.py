"""Tags and filters of the pages."""

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from imr.core import clock
from imr.core.clock import PACIFIC
from imr.core.forms import CleanCharField


def draw(source: str, path: str = "/", **values: Any) -> str:
    request: HttpRequest = RequestFactory().get(path)
    return Template("{% load imr %}" + source).render(Context({"request": request, **values})).strip()


def test_filters_of_nothing_are_nothing() -> None:
    source = "{{ v|mmddyyyy }}{{ v|pacific }}{{ v|due_words }}{{ v|filesize }}{% due_chip v %}"
    assert draw(source, v=None) == ""


def test_filters_say_days_instants_and_sizes() -> None:
    instant = datetime(2026, 11, 23, 17, 0, tzinfo=PACIFIC)
    assert draw("{{ v|pacific }}", v=instant) == "11/23/2026, 5:00 PM PT"
    assert draw("{{ v|mmddyyyy }}", v=date(2026, 1, 2)) == "01/02/2026"
    assert draw("{{ v|filesize }}", v=0) == "0 bytes"
    assert draw("{{ v|due_words }}", v=clock.today()).startswith("due today, ")


def test_due_chip_has_words_sign_and_class() -> None:
    markup = draw('{% due_chip v "Records" %}', v=clock.now() - timedelta(days=3))
    assert 'class="due due--overdue"' in markup
    assert "Records:" in markup
    assert "overdue by 3 days" in markup


def test_status_tag_knows_its_kinds_and_escapes() -> None:
    assert draw('{% status_tag v "good" %}', v="A<b") == '<span class="tag tag--good">A&lt;b</span>'
    with pytest.raises(TemplateSyntaxError):
        draw('{% status_tag "A" "greenish" %}')


class _Row(forms.Form):
    number = CleanCharField(label="Number", max_length=5)


def test_error_summary_gathers_forms_and_form_sets_in_order() -> None:
    form = _Row({})
    form.add_error(None, "The whole does not fit.")
    rows = forms.formset_factory(_Row, can_delete=True)(
        {
            "form-TOTAL_FORMS": "2",
            "form-INITIAL_FORMS": "2",
            "form-0-number": "1234567",
            "form-1-number": "",
            "form-1-DELETE": "on",
        }
    )
    markup = draw("{% error_summary form rows none fresh %}", form=form, rows=rows, none=None, fresh=_Row())
    lines = [line.strip() for line in markup.split("<li>")[1:]]
    assert lines[0].startswith("The whole does not fit.")
    assert lines[1].startswith('<a href="#id_number">Enter the number.</a>')
    assert lines[2].startswith('<a href="#id_form-0-number">Number must have 5 characters')
    assert len(lines) == 3
    assert draw("{% error_prefix rows %}", rows=rows) == "Error:"
    assert draw("{% error_summary form %}{% error_prefix form %}", form=_Row({"number": "1"})) == ""


class _Parts(forms.Form):
    summary_labels: ClassVar[dict[str, str]] = {"pages_2": "Part 2, pages"}
    pages_1 = CleanCharField(label="Pages", max_length=5)
    pages_2 = CleanCharField(label="Pages", max_length=5)
    title = CleanCharField(label="Title", max_length=5)


def test_error_summary_says_of_which_field_a_repeated_sentence_is() -> None:
    markup = draw("{% error_summary form %}", form=_Parts({}))
    lines = [line.split("</a>")[0].split(">")[1] for line in markup.split("<li>")[1:]]
    assert lines == ["Pages: Enter the pages.", "Part 2, pages: Enter the pages.", "Enter the title."]


def test_sort_header_turns_round_and_drops_the_page() -> None:
    markup = draw('{% sort_header "Due" "due" %}', "/?sort=due&status=open&page=4")
    assert 'aria-sort="ascending"' in markup
    assert 'href="?sort=-due&amp;status=open"' in markup
    assert "aria-sort" not in draw('{% sort_header "Due" "due" %}', "/?sort=number")
    assert 'aria-sort="descending"' in draw('{% sort_header "Due" "due" default="-due" %}')


def test_pagers_keep_the_filters_and_vanish_without_neighbors() -> None:
    page = Paginator(range(30), 10).page(2)
    markup = draw("{% pagination page %}", "/?q=a", page=page)
    assert 'href="?q=a&amp;page=1"' in markup
    assert "Page 2 of 3" in markup
    assert draw("{% pagination page %}", page=Paginator([], 10).page(1)) == ""
    cursors = draw('{% keyset_pagination "x" "y" %}', "/?q=a&after=w")
    assert 'href="?q=a&amp;before=x"' in cursors
    assert 'href="?q=a&amp;after=y"' in cursors
    assert draw("{% keyset_pagination none none %}", none=None) == ""


def test_facts_and_answers_keep_zero_and_name_what_is_missing() -> None:
    assert "<dd>0</dd>" in draw('{% fact "Items" 0 %}')
    assert "01/02/2026" in draw('{% fact "Day" v %}', v=date(2026, 1, 2))
    assert "Not given" in draw('{% summary_row "Attorney" "" %}')
    row = draw('{% summary_row "Note" v "/change/" %}', v="a\n<b>")
    assert "a<br>&lt;b&gt;" in row
    assert 'Change<span class="usa-sr-only"> Note</span>' in row
