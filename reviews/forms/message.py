from django import forms

from imr.core.forms import CleanCharField


class MessageForm(forms.Form):
    """One message of a thread."""

    text = CleanCharField(
        label="Message",
        max_length=4000,
        multiline=True,
        error_messages={"required": "Write the message."},
    )
