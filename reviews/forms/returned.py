from django import forms

from imr.core.forms import CleanCharField


class AnswerCommentForm(forms.Form):
    """What a reviewer says to a comment of the second read."""

    text = CleanCharField(
        label="Your answer",
        max_length=2000,
        multiline=True,
        error_messages={"required": "Write what you changed, or why it stays."},
    )
