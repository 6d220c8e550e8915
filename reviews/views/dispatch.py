"""Letters on their way: what leaves when, taking one back, addresses, mail that came back."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from cases.models import Party
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, requires
from imr.core.words import mmddyyyy
from reviews.forms.letter import FailedDeliveryForm, ServiceAddressForm, TakeBackForm
from reviews.models import Delivery, Dispatch
from reviews.selectors.dispatch import leaves_at, scheduled_dispatches, why_not_returned, why_not_taken_back
from reviews.services.dispatch import record_failed_delivery, take_back
from reviews.services.service_address import set_service_address
from reviews.views.act import act_page


@require_safe
@requires(Action.LETTER_RELEASE)
def dispatch_list(request: AuthenticatedRequest) -> HttpResponse:
    """The letters that were released and have not left."""
    dispatches = list(scheduled_dispatches()[:500])
    moments = {day: leaves_at(day) for day in {dispatch.service_on for dispatch in dispatches}}
    rows = [(dispatch, moments[dispatch.service_on]) for dispatch in dispatches]
    return render(request, "reviews/letter/scheduled.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.LETTER_RELEASE)
def dispatch_take_back(request: AuthenticatedRequest, dispatch_id: int) -> HttpResponse:
    """Take a released letter back before it is served, with a reason."""
    dispatch = Dispatch.objects.select_related("case").filter(pk=dispatch_id).first()
    if dispatch is None:
        raise Http404
    form = TakeBackForm(request.POST or None)
    return act_page(
        request,
        dispatch.case,
        form,
        lambda: take_back(dispatch_id=dispatch.pk, actor=request.user, reason=form.cleaned_data["reason"]),
        done=f"The letter of case {dispatch.case.number} was taken back. It can be released again.",
        closed=why_not_taken_back(dispatch),
        context={
            "title": f"Take back the letter of {dispatch.case.number}",
            "lead": f"It was to be served on {mmddyyyy(dispatch.service_on)}. What was signed and passed stays.",
            "submit": "Take the letter back",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.LETTER_RELEASE)
def delivery_failed(request: AuthenticatedRequest, delivery_id: int) -> HttpResponse:
    """Record that a mailed letter came back."""
    delivery = Delivery.objects.select_related("dispatch__case").filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404
    case, form = delivery.dispatch.case, FailedDeliveryForm(request.POST or None)
    return act_page(
        request,
        case,
        form,
        lambda: record_failed_delivery(delivery_id=delivery.pk, actor=request.user, **form.cleaned_data),
        done=f"It is on record that the mail to {delivery.name} came back.",
        closed=why_not_returned(delivery),
        context={
            "title": f"Returned mail of {case.number}",
            "lead": f"Mailed to {delivery.name}, {', '.join(delivery.address)}, on {mmddyyyy(delivery.sent_on)}.",
            "submit": "Record returned mail",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.LETTER_RELEASE)
def service_address(request: AuthenticatedRequest, party_id: int) -> HttpResponse:
    """Complete or correct the address that a party's letter is mailed to."""
    party = Party.objects.select_related("case").filter(pk=party_id, case__number__isnull=False).first()
    if party is None:
        raise Http404
    names = list(ServiceAddressForm.base_fields)
    form = ServiceAddressForm(request.POST or None, initial={name: getattr(party, name) for name in names})
    return act_page(
        request,
        party.case,
        form,
        lambda: set_service_address(party_id=party.pk, actor=request.user, address=form.cleaned_data),
        done=f"The address of {party.display_name} is saved.",
        context={
            "title": f"Address for mail: {party.get_role_display().lower()} of {party.case.number}",
            "lead": party.display_name,
            "submit": "Save address",
        },
    )
