"""A reviewer's due dates for a calendar program."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases.rules.icalendar import CalendarEvent, calendar_text
from cases.selectors.deadline import feed_of
from cases.services.calendar_feed import note_calendar_read
from cases.views.calendar_address import address_page, revoke_address
from imr.accounts.enums import Action
from imr.accounts.permissions import AuthenticatedRequest, public, requires
from imr.core import clock
from reviews.selectors.calendar import ReviewerDate, reviewer_dates


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.CALENDAR_OWN)
def own_calendar(request: AuthenticatedRequest) -> HttpResponse:
    """The reviewer's calendar address; a new one is shown this one time."""
    return address_page(request, feed="reviews:calendar-feed", revoke="reviews:own-calendar-revoke")


@require_POST
@requires(Action.CALENDAR_OWN)
def own_calendar_revoke(request: AuthenticatedRequest) -> HttpResponse:
    return revoke_address(request, page="reviews:own-calendar")


@public
@require_safe
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """The dates for a calendar program that has the secret: case numbers and dates, nothing of health or a name."""
    # The key stands in the query, which the logs leave out.
    feed = feed_of(request.GET.get("key", ""))
    if feed is None or not feed.user.can(Action.CALENDAR_OWN):
        raise Http404
    note_calendar_read(feed=feed)
    host = request.get_host()
    events = [_event(one, host, request) for one in reviewer_dates(feed.user, now=clock.now())]
    response = HttpResponse(calendar_text("IMR reviews", events), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="imr-reviews.ics"'
    return response


def _event(one: ReviewerDate, host: str, request: HttpRequest) -> CalendarEvent:
    number = one.assignment.case.number
    if one.clock is None:
        url = request.build_absolute_uri(reverse("reviews:worklist"))
        return CalendarEvent(
            uid=f"offer-{one.assignment.pk}@{host}",
            changed_at=one.assignment.offered_at,
            summary=f"{number}: Accept or decline",
            description=f"The offer ends without an answer. Worklist: {url}",
            url=url,
            at=one.due_at,
        )
    url = request.build_absolute_uri(reverse("reviews:assignment-deadline", args=[one.assignment.pk]))
    in_hours = one.clock.explanation.get("unit") == "hours"
    state = "The clock is paused. " if one.clock.paused_at else ""
    return CalendarEvent(
        uid=f"review-{one.assignment.pk}-{one.clock.started_at:%Y%m%d%H%M%S}@{host}",
        changed_at=one.clock.created_at,
        summary=f"{number}: Determination due",
        description=f"{state}How the date is found: {url}",
        url=url,
        on=None if in_hours else clock.pacific_date(one.due_at),
        at=one.due_at if in_hours else None,
        version=one.clock.pk,
    )
