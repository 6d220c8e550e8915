"""Signing in to the programs' interface with the key of an API token."""

from typing import Any, Final

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from imr.accounts.models import User
from imr.accounts.services.api_token import authenticate_token

REALM: Final = 'Bearer realm="IMR API"'


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`. A key that is not in force is refused, never treated as no key at all."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        scheme, _, key = get_authorization_header(request).decode("latin-1").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        user = authenticate_token(key.strip()) if key.strip() else None
        if user is None:
            raise AuthenticationFailed("This token is not in force: it is wrong, expired, or was revoked.")
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return REALM


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The token in the description of the interface."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A claims manager issues tokens under “API tokens”. A token acts for one organization.",
        }
