"""The archive of published determinations: look, search, download. Nothing in it can be changed."""

import json

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.paging import keyset_page
from reviews.forms.archive import ArchiveFilterForm
from reviews.models import ArchivedDetermination
from reviews.selectors.archive import MOST_HITS, ArchiveFilters, archive_matches, archived_detail
from reviews.selectors.exchange import exchange_of
from reviews.services.archive import record_archive_access
from reviews.services.render_files import archived_pdf


@require_safe
@requires(Action.ARCHIVE_VIEW)
def archive_list(request: AuthenticatedRequest) -> HttpResponse:
    form = ArchiveFilterForm(request.GET or None)
    is_wrong = form.is_bound and not form.is_valid()
    found = archive_matches(form.filters if form.is_bound and not is_wrong else ArchiveFilters())
    page = keyset_page(
        found.rows.none() if is_wrong else found.rows,
        field="decision_date",
        descending=True,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context = {"form": form, "page": page, "is_cut": found.is_cut, "most_hits": MOST_HITS}
    return render(request, "reviews/archive/list.html", context)


@require_safe
@requires(Action.ARCHIVE_VIEW)
def archive_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    archived = _archived(pk)
    record_archive_access(archived=archived, actor=request.user, how="page")
    return render(request, "reviews/archive/detail.html", {"archived": archived, "items": archived.items.all()})


@require_safe
@requires(Action.ARCHIVE_VIEW)
def archive_exchange(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """A list of this one determination, as an import takes it."""
    archived = _archived(pk)
    record_archive_access(archived=archived, actor=request.user, how="json")
    text = json.dumps([exchange_of(archived).to_data()], ensure_ascii=False, indent=1)
    return _file(text.encode(), "application/json", f"{archived.case_number}.json")


@require_safe
@requires(Action.ARCHIVE_VIEW)
def archive_letter(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """The determination as a letter in our own form; not the file that was imported."""
    archived = _archived(pk)
    rendered = archived_pdf(archived)
    record_archive_access(archived=archived, actor=request.user, how="pdf")
    return _file(rendered.data, "application/pdf", f"{archived.case_number}.pdf")


def _archived(pk: int) -> ArchivedDetermination:
    found = archived_detail().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
