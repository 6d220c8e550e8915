from django import forms

from imr.core.forms import CleanCharField
from reviews.forms.reviewer import whole_number
from reviews.models import TimeCorrection


class TimeForm(forms.Form):
    """The time of a case by the reviewer's own word."""

    minutes = whole_number(
        "Minutes that the case took",
        least=0,
        most=TimeCorrection.MOST_MINUTES,
        help_text="All of it: reading, writing, and what was done on paper.",
    )
    reason = CleanCharField(
        label="Why it is not what was measured",
        max_length=500,
        help_text="For example: read the printed records. Leave out what is about the injured worker.",
        error_messages={"required": "Say why the time is another one."},
    )
