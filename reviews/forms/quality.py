"""What the medical director fills in during a second read."""

from collections.abc import Sequence

from django import forms

from imr.core.forms import CleanCharField
from reviews.enums import QualityErrorKind
from reviews.letters import LetterItem


class CommentForm(forms.Form):
    """One comment, about an item or about the letter as a whole."""

    position = forms.TypedChoiceField(
        label="About",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Choose an item of this letter."},
    )
    kind = forms.ChoiceField(
        label="Kind",
        choices=[("", "Choose"), *QualityErrorKind.choices],
        error_messages={"required": "Choose what kind of error it is.", "invalid_choice": "Choose a kind of the list."},
    )
    text = CleanCharField(
        label="Comment",
        help_text="The reviewer reads it when the case is returned. Do not write who signed.",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Write the comment."},
    )

    def __init__(self, data: object = None, *, items: Sequence[LetterItem]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["position"].choices = [  # type: ignore[attr-defined]
            ("", "The letter as a whole"),
            *((item.position, f"Item {item.position}: {item.text[:80]}") for item in items),
        ]
