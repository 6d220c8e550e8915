"""What a form says of a missing answer is a sentence that somebody could say."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType

from django import forms

import cases.forms
import imr.accounts.forms
import reviews.forms

# Labels that no "the" can stand before: "Enter the approved on."
UNSAID = re.compile(
    r"^(?:Enter|Write|Select|Choose) the (?:your|for|in|on|what|who|when|why|how|\w+ (?:on|by|from)\.$)"
)


def required_words(package: ModuleType) -> Iterator[tuple[str, str]]:
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        for name, form in inspect.getmembers(module, inspect.isclass):
            if not issubclass(form, forms.Form | forms.ModelForm) or form.__module__ != module.__name__:
                continue
            for field_name, field in form.base_fields.items():
                if field.required and not field.widget.is_hidden:
                    yield f"{module.__name__}.{name}.{field_name}", str(field.error_messages["required"])


def test_missing_answers_are_asked_for_in_words() -> None:
    said = dict(
        pair for package in (cases.forms, reviews.forms, imr.accounts.forms) for pair in required_words(package)
    )
    assert len(said) > 100
    assert {place: words for place, words in said.items() if UNSAID.search(words)} == {}
