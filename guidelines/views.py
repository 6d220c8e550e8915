"""Pages of the guideline catalog."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guidelines.forms import SearchForm
from guidelines.selectors import catalog
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires

PAGE_SIZE = 25


@require_safe
@requires(Action.GUIDELINE_VIEW)
def search(request: AuthenticatedRequest) -> HttpResponse:
    """Search results a page at a time; without a query the list of sources."""
    form = SearchForm(request.GET or None)
    filters = form.cleaned_data if form.is_valid() else {}
    query, on, body = filters.get("q", ""), filters.get("on"), filters.get("body") or None
    hits = catalog.sections_matching(query, on=on, body=body, limit=catalog.MAXIMUM_HITS) if query else []
    context = {
        "form": form,
        "query": query,
        "on": on,
        "page": Paginator(hits, PAGE_SIZE).get_page(request.GET.get("page")),
        "sources": catalog.sources(on=on, body=body) if not query and not form.errors else [],
        "is_capped": len(hits) == catalog.MAXIMUM_HITS,
    }
    return render(request, "guidelines/search.html", context, status=422 if form.errors else 200)


@require_safe
@requires(Action.GUIDELINE_VIEW)
def source(request: AuthenticatedRequest, code: str) -> HttpResponse:
    """One source with its editions and their sections."""
    found = catalog.source_with_editions(code)
    if found is None:
        raise Http404("The catalog has no such guideline.")
    return render(request, "guidelines/source.html", {"source": found})
