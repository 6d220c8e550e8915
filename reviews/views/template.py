"""Versions of the letter's fixed sentences: list, words and changes, preview, draft, approval."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.errors import DomainError
from reviews.enums import TemplateStatus
from reviews.forms.refusal import add_refusal
from reviews.forms.template import TemplateForm
from reviews.models import LetterTemplate
from reviews.selectors.template import compared, part_label, predecessor, templates
from reviews.services import template as service


@require_safe
@requires(Action.TEMPLATE_VIEW)
def template_list(request: AuthenticatedRequest) -> HttpResponseBase:
    context = {"rows": templates(), "may_edit": request.user.can(Action.TEMPLATE_EDIT)}
    return render(request, "reviews/template/list.html", context)


@require_safe
@requires(Action.TEMPLATE_VIEW)
def template_detail(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """The words of a version, marked with what changed since another one (`?since=`; by default the one before)."""
    template = get_object_or_404(templates(), pk=pk)
    asked = request.GET.get("since", "")
    if asked and not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        raise Http404
    since = get_object_or_404(templates(), pk=int(asked)) if asked else predecessor(template)
    rows = compared(template, since)
    context = {
        "template": template,
        "since": since,
        "others": templates().exclude(pk=pk),
        "rows": rows,
        "parts": [part_label(part) for part in template.parts],
        "changes": sum(bool(row.pieces) for row in rows),
        "is_draft": template.status == TemplateStatus.DRAFT,
        "may_edit": request.user.can(Action.TEMPLATE_EDIT),
        "is_own": template.created_by_id == request.user.pk,
    }
    return render(request, "reviews/template/detail.html", context)


@require_safe
@requires(Action.TEMPLATE_VIEW)
@xframe_options_sameorigin
def template_preview(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    """A sample letter in the words of the version, as PDF."""
    template = get_object_or_404(templates(), pk=pk)
    rendered = service.preview_template(template=template)
    name = f"letter-template-{template.version}_sample.pdf"
    return HttpResponse(
        rendered.data,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@require_POST
@requires(Action.TEMPLATE_EDIT)
def template_copy(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    get_object_or_404(LetterTemplate, pk=pk)
    draft = service.copy_template(template_id=pk, actor=request.user)
    messages.success(request, f"Version {draft.version} is a draft. Change its words, then have it approved.")
    return redirect("reviews:template-edit", pk=draft.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.TEMPLATE_EDIT)
def template_edit(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    template = get_object_or_404(LetterTemplate, pk=pk)
    form = TemplateForm(request.POST if request.method == "POST" else None, template=template)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.edit_template(template_id=pk, actor=request.user, entry=form.entry())
            except DomainError as error:
                status = add_refusal(form, error)
            else:
                messages.success(request, f"Version {template.version} is saved.")
                return redirect("reviews:template-detail", pk=pk)
    return render(request, "reviews/template/edit.html", {"form": form, "template": template}, status=status)


@require_POST
@requires(Action.TEMPLATE_EDIT)
def template_discard(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    template = get_object_or_404(LetterTemplate, pk=pk)
    service.discard_template(template_id=pk, actor=request.user)
    messages.success(request, f"The draft {template.version} is discarded.")
    return redirect("reviews:template-list")


@require_POST
@requires(Action.TEMPLATE_EDIT)
def template_approve(request: AuthenticatedRequest, pk: int) -> HttpResponseBase:
    get_object_or_404(LetterTemplate, pk=pk)
    template = service.approve_template(template_id=pk, actor=request.user)
    messages.success(
        request,
        f"Version {template.version} is approved for letters decided from {template.in_force_from:%m/%d/%Y} on.",
    )
    return redirect("reviews:template-detail", pk=pk)
