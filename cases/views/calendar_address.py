"""The page of a person's calendar address, and its end: the same for due dates and for a reviewer's own dates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.selectors.deadline import feed_in_force
from cases.services.calendar_feed import issue_calendar_feed, revoke_calendar_feed
from imr.accounts.permissions import AuthenticatedRequest


def address_page(request: AuthenticatedRequest, *, feed: str, revoke: str) -> HttpResponse:
    """The page; a POST makes a new address, shown this one time. `feed` and `revoke` are names of routes."""
    address = ""
    if request.method == "POST":
        secret = issue_calendar_feed(actor=request.user)
        address = request.build_absolute_uri(reverse(feed)) + f"?key={secret}"
    context = {"feed": feed_in_force(request.user), "address": address, "revoke_url": reverse(revoke)}
    return render(request, "cases/deadline_calendar.html", context)


def revoke_address(request: AuthenticatedRequest, *, page: str) -> HttpResponse:
    """The address is refused from now on; back to the route `page`."""
    revoke_calendar_feed(actor=request.user)
    messages.success(request, "The calendar address is refused from now on.")
    return redirect(page)
