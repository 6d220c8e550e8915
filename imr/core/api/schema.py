"""The description of the interface (OpenAPI): form fields, error answers, the same for every operation."""

from typing import Any, Final, Literal

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiResponse

from imr.core.api.serializers import ProblemSerializer

PROBLEMS: Final = {
    "400": "What was sent is wrong; `errors` says where.",
    "401": "No token and no session, or one that is no longer in force.",
    "403": "The account may not do this.",
    "404": "There is nothing here for this account.",
    "405": "The address does not know this method.",
    "409": "The state does not allow it, or somebody else was faster.",
    "413": "The request is too large.",
    "415": "The body is of a kind that is not taken here.",
    "429": "Too many requests; `Retry-After` says how many seconds to wait.",
    "503": "A service is away; try again later.",
}
ALWAYS: Final = ("400", "401", "403", "429")
WITH_IDS: Final = ("404",)
WITH_BODY: Final = ("413", "415")
UNSAFE: Final = ("409", "503")
EXAMPLE: Final = OpenApiExample(
    "A wrong field",
    value={
        "type": "validation_error",
        "errors": [
            {
                "code": "required",
                "detail": "Enter the requested treatment.",
                "attr": "items.0.description",
            }
        ],
    },
    status_codes=["400"],
)


class ApiSchema(AutoSchema):
    """Adds the error answers that an operation can give."""

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> Any:
        bodies = super()._get_response_bodies(direction)
        codes = [*ALWAYS]
        if "{" in self.path:
            codes += WITH_IDS
        if self.method in {"POST", "PATCH", "PUT", "DELETE"}:
            codes += UNSAFE
        if self.method in {"POST", "PATCH", "PUT"}:
            codes += WITH_BODY
        for code in sorted({*codes} - set(bodies)):
            answer = OpenApiResponse(
                ProblemSerializer, description=PROBLEMS[code], examples=[EXAMPLE] if code == "400" else []
            )
            bodies[code] = self._get_response_for_code(  # type: ignore[no-untyped-call]
                answer, code, ["application/json"], direction
            )
        return bodies


class FormFieldDescription(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]
    """Has form fields described by themselves."""

    target_class = "imr.core.api.serializers.FormField"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = self.target.schema
        if direction == "response" and (schema["type"] == "boolean" or "enum" in schema or "format" in schema):
            # What was not answered yet.
            return {**schema, "nullable": True}
        return schema
