"""Files with applications: sending one, following it, and what became of each application."""

from typing import Any, cast

from django.http import Http404
from django.http.request import HttpRequest
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.batch import (
    BatchQuerySerializer,
    BatchRowPageSerializer,
    BatchSerializer,
    NewBatchSerializer,
    batch_payload,
    rows_payload,
)
from cases.forms.batch import BatchForm
from cases.models import Batch
from cases.rules.documents import safe_file_name
from cases.selectors.batch import batches_of, rows_of
from cases.services.bulk import take_batch
from imr.accounts.api.permissions import allow
from imr.accounts.api.views import ApiView
from imr.accounts.enums import Action
from imr.audit.services import record
from imr.core import storage
from imr.core.api.parsers import StrictMultiPartParser
from imr.core.api.serializers import form_errors
from imr.core.paging import is_cursor, keyset_page
from imr.core.spreadsheet import MAX_BYTES
from imr.core.uploads import MAX_REQUEST_BYTES, limit_uploads


class BatchView(ApiView):
    """An operation on one file."""

    def find_batch(self, batch_id: int) -> Batch:
        """The file when it exists for the account; else 404."""
        found = batches_of(self.user).filter(pk=batch_id).first()
        if found is None:
            raise Http404
        record(action="batch.view", actor=self.user, object_type="batch", object_id=found.pk, detail={"via": "api"})
        return found


class BatchList(BatchView):
    """Files with applications."""

    permission_classes = [allow(POST=Action.CASE_CREATE)]
    parser_classes = [StrictMultiPartParser]

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        """The file goes to disk and is limited; this has to be said before the body is looked at."""
        if request.method == "POST":
            limit_uploads(request)
        return super().initialize_request(request, *args, **kwargs)

    @extend_schema(
        operation_id="bulk_create",
        summary="Send a file with applications",
        description=(
            "XLSX or CSV with the headings of the template, one row for each disputed item. The answer is 202: workers "
            "check and file the applications, each exactly once. Follow `url`. With `goal` `check` nothing is filed."
        ),
        tags=["bulk"],
        request={"multipart/form-data": NewBatchSerializer},
        responses={202: BatchSerializer},
    )
    def post(self, request: Request) -> Response:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > MAX_REQUEST_BYTES:
            raise ValidationError({"file": [ErrorDetail("The file is larger than 20 MB.", code="too_large")]})
        data = self.read_body(NewBatchSerializer)
        typed = {name: value for name, value in data.items() if name != "file"}
        form = BatchForm(typed, {"file": data["file"]}, account=self.user)
        if not form.is_valid():
            raise ValidationError(form_errors(form))
        file = form.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError({"file": [ErrorDetail("The file is larger than 20 MB.", code="too_large")]})
        batch = take_batch(
            actor=self.user,
            stored=storage.store(file.chunks()),
            name=safe_file_name(file.name or "applications"),
            organization=form.cleaned_data.get("organization"),
            **form.answers(),
        )
        payload = batch_payload(request, batch)
        return Response(BatchSerializer(payload).data, status=202, headers={"Location": payload["url"]})


class BatchDetail(BatchView):
    """One file: how far it is."""

    permission_classes = [allow(GET=Action.CASE_CREATE)]

    @extend_schema(operation_id="bulk_get", summary="Follow a file", tags=["bulk"], responses=BatchSerializer)
    def get(self, request: Request, batch_id: int) -> Response:
        return Response(BatchSerializer(batch_payload(request, self.find_batch(batch_id))).data)


class BatchRowList(BatchView):
    """One file: its applications."""

    permission_classes = [allow(GET=Action.CASE_CREATE)]

    @extend_schema(
        operation_id="bulk_rows",
        summary="List the applications of a file",
        tags=["bulk"],
        parameters=[BatchQuerySerializer],
        responses=BatchRowPageSerializer,
    )
    def get(self, request: Request, batch_id: int) -> Response:
        batch = self.find_batch(batch_id)
        query = cast("dict[str, Any]", self.read_query(BatchQuerySerializer))
        if "after" in query and not is_cursor(query["after"]):
            raise ValidationError({"after": [ErrorDetail("This is no cursor of this list.", code="cursor")]})
        page = keyset_page(
            rows_of(batch, state=query.get("state", "")), field="number", after=query.get("after", ""), size=200
        )
        return Response(BatchRowPageSerializer(rows_payload(request, page)).data)
