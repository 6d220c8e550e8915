"""What every operation of the programs' interface stands on."""

from typing import Any, cast

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from imr.accounts.models import User
from imr.core.api.serializers import StrictSerializer, flat


class ApiView(APIView):
    """Closed until `permission_classes` names acts (`imr.accounts.api.permissions.allow`)."""

    # Nobody needs a form-like description by OPTIONS; the schema is the description.
    metadata_class = None

    @property
    def user(self) -> User:
        """Who asks."""
        return cast("User", self.request.user)

    def read_body(self, kind: type[StrictSerializer], **options: Any) -> Any:
        """The body as `kind` understands it. Raises `ParseError` without one, `ValidationError` for a wrong one."""
        request: Request = self.request
        length = request.META.get("CONTENT_LENGTH")
        if length in ("0", "", None) and not request.META.get("HTTP_TRANSFER_ENCODING"):
            raise ParseError("The body is empty. Send a JSON object.")
        is_text = not (request.content_type or "").startswith("application/json")
        return _checked(kind(data=flat(request.data), context={"is_text": is_text, "user": self.user}, **options))

    def read_query(self, kind: type[StrictSerializer]) -> Any:
        """The query string as `kind` understands it; unknown and repeated names are refused."""
        return _checked(kind(data=flat(self.request.query_params), context={"is_text": True}))


def _checked(serializer: BaseSerializer[Any]) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
