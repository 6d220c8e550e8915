"""A page with one form that does one thing to a case, whose versions may be stale."""

from functools import partial

from cases.views import act
from reviews.forms.refusal import add_refusal

act_page = partial(act.act_page, refuse=add_refusal)
