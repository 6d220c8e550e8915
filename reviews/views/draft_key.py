"""The key under which a browser may keep unsaved words: it belongs to the session and dies with it."""

import base64
from typing import Final

from django.http import HttpResponseBase, JsonResponse
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_POST

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires

SALT: Final = "imr.reviews.draft-key"


@require_POST
@requires(Action.REVIEW_WRITE)
def draft_key(request: AuthenticatedRequest) -> HttpResponseBase:
    """The session's key for AES-GCM: 256 bits, base64.

    It is made of the server's secret and the session's name and stored nowhere. When the session is over nobody can
    ask for it again, and what the browser still holds cannot be read.
    """
    session_name = request.session.session_key or ""
    key = salted_hmac(SALT, session_name, algorithm="sha256").digest()
    return JsonResponse({"key": base64.b64encode(key).decode()})
