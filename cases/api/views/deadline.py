"""The due dates of a case."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.deadline import ExplainedDeadlineListSerializer, explained_payload
from cases.api.views.shared import CaseView
from imr.accounts.api.permissions import allow
from imr.accounts.enums import Action


class DeadlineList(CaseView):
    """The clocks of a case."""

    permission_classes = [allow(GET=Action.CASE_VIEW)]

    @extend_schema(
        operation_id="deadline_list",
        summary="List the due dates of a case",
        description="Running and ended clocks, the next due first, each with rule, citation and the arithmetic.",
        tags=["cases"],
        responses=ExplainedDeadlineListSerializer,
    )
    def get(self, request: Request, case_id: int) -> Response:
        case = self.find_case(case_id, Action.CASE_VIEW)
        self.record(case, "case.viewed", part="deadlines")
        rows = case.deadlines.select_related("parameter")
        results = [explained_payload(row) for row in rows]
        return Response(ExplainedDeadlineListSerializer({"results": results}).data)
