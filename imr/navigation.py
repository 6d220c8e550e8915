"""What the frame of every page shows: the product, the menu of the person's role, the session's limits."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from cases.selectors.message import unread_count
from imr.accounts.enums import Action, Scope
from imr.accounts.models import User
from imr.core.middleware import SEEN_STEP_SECONDS


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the menu: shown to those who may carry out `action`, in one of `scopes` if any are named.

    Lines of one `section` share a place in the menu, under its name; where a person has only one of them, it stands
    there itself.
    """

    label: str
    url_name: str
    action: Action
    scopes: frozenset[Scope] = frozenset(Scope)
    # Names of the pages that belong to it wherever they lie, by how they begin.
    pages: str = ""
    section: str = ""
    # How many things wait behind it for this person; shown beside the label while there are any.
    waiting: Callable[[User], int] | None = None

    def is_for(self, user: User) -> bool:
        """Whether the line is in this person's menu."""
        return user.scope(self.action) in self.scopes

    def label_for(self, user: User) -> str:
        """The label, with what waits: `Messages (3)`."""
        count = self.waiting(user) if self.waiting else 0
        return f"{self.label} ({count:,})" if count else self.label


MENU: Final[Sequence[Entry]] = (
    Entry(
        "My reviews",
        "reviews:worklist",
        Action.ASSIGNMENT_ANSWER,
        pages="reviews:assignment-",
        section="My reviews",
    ),
    Entry("Availability", "reviews:own-availability", Action.REVIEWER_FILE_OWN, section="My reviews"),
    Entry("Calendar", "reviews:own-calendar", Action.CALENDAR_OWN, pages="reviews:own-calendar", section="My reviews"),
    Entry("My statistics", "reviews:own-statistics", Action.REVIEWER_FILE_OWN, section="My reviews"),
    Entry("My file", "reviews:own-file", Action.REVIEWER_FILE_OWN, pages="reviews:own-file", section="My reviews"),
    Entry("My fees", "reviews:own-ledger", Action.LEDGER_OWN, section="My reviews"),
    Entry("My cases", "cases:case-list", Action.CASE_LIST, frozenset({Scope.ORGANIZATION})),
    Entry("Intake queue", "cases:intake-queue", Action.CASE_SCREEN),
    Entry("Cases", "cases:case-list", Action.CASE_LIST, frozenset({Scope.ANY})),
    Entry("Messages", "cases:message-list", Action.CASE_MESSAGE, pages="cases:message-", waiting=unread_count),
    Entry("Due dates", "cases:deadline-queue", Action.DEADLINE_QUEUE, section="Due dates"),
    Entry("Requests for information", "cases:information-queue", Action.ELIGIBILITY_DECIDE, section="Due dates"),
    Entry("Implementation", "cases:implementation-queue", Action.DEADLINE_QUEUE, section="Due dates"),
    Entry("Reported ends", "cases:ending-queue", Action.ENDING_DECIDE, section="Due dates"),
    Entry("Calendar", "cases:calendar-page", Action.CALENDAR_FEED, pages="cases:calendar-", section="Due dates"),
    Entry("File an application", "cases:filing-start", Action.CASE_CREATE, pages="cases:filing-", section="File"),
    Entry("Mail room", "cases:scan-list", Action.MAIL_ROOM, pages="cases:scan-", section="File"),
    Entry("Address book", "cases:address-list", Action.ADDRESS_BOOK, pages="cases:address-", section="File"),
    Entry("Presets", "cases:preset-list", Action.ADDRESS_BOOK, pages="cases:preset-", section="File"),
    Entry("From a spreadsheet", "cases:batch-list", Action.CASE_CREATE, pages="cases:batch-", section="File"),
    Entry("Fees", "cases:fee-list", Action.FEE_VIEW, pages="cases:fee-", section="Fees"),
    Entry("Invoices", "cases:invoice-list", Action.FEE_VIEW, pages="cases:invoice-", section="Fees"),
    Entry("Late records", "cases:penalty-list", Action.PENALTY_VIEW, pages="cases:penalty-", section="Fees"),
    Entry("Assignments", "reviews:assignment-queue", Action.ASSIGNMENT_MAKE),
    Entry("Quality check", "reviews:quality-queue", Action.QUALITY_PASS, pages="reviews:quality-", section="Quality"),
    Entry("Scorecards", "reviews:scorecard", Action.SCORECARD_VIEW, frozenset({Scope.ANY}), section="Quality"),
    Entry("My scorecard", "reviews:scorecard", Action.SCORECARD_VIEW, frozenset({Scope.OWN})),
    Entry("Letters", "reviews:letter-queue", Action.LETTER_RELEASE, section="Letters"),
    Entry(
        "Letter templates", "reviews:template-list", Action.TEMPLATE_VIEW, pages="reviews:template-", section="Letters"
    ),
    Entry(
        "Public copies",
        "reviews:publication-queue",
        Action.PUBLICATION_VIEW,
        pages="reviews:publication-",
        section="Letters",
    ),
    Entry("Archive", "reviews:archive-list", Action.ARCHIVE_VIEW, section="Letters"),
    Entry("Reviewers", "reviews:reviewer-list", Action.REVIEWER_LIST, section="Reviewers"),
    Entry("Reviewer fees", "reviews:ledger-month", Action.LEDGER_VIEW, pages="reviews:ledger-", section="Reviewers"),
    Entry("Paragraphs", "reviews:paragraph-list", Action.PARAGRAPH_WRITE, pages="reviews:paragraph-"),
    Entry("Paragraphs", "reviews:paragraph-list", Action.PARAGRAPH_DECIDE, pages="reviews:paragraph-"),
    Entry("Law and wordings", "cases:reference-home", Action.REFERENCE_VIEW, pages="cases:reference-"),
    Entry("Guidelines", "guidelines:search", Action.GUIDELINE_VIEW),
    Entry("People", "accounts:person-list", Action.PEOPLE_VIEW, frozenset({Scope.ANY}), section="People"),
    Entry("Colleagues", "accounts:person-list", Action.PEOPLE_VIEW, frozenset({Scope.ORGANIZATION})),
    Entry("Organizations", "accounts:organization-list", Action.ORGANIZATION_EDIT, section="People"),
    Entry("API tokens", "accounts:token-list", Action.TOKENS_MANAGE, section="API"),
    Entry("API docs", "api:docs", Action.TOKENS_MANAGE, section="API"),
    Entry("Audit record", "audit:event-list", Action.AUDIT_READ),
    Entry("Jobs", "reviews:job-list", Action.JOBS_VIEW, section="Jobs"),
    Entry("Mails", "accounts:mail-list", Action.MAIL_VIEW, section="Jobs"),
    Entry("Admin", "admin:index", Action.ADMIN_SITE),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry with its address; `current` is the value of `aria-current`, empty elsewhere."""

    label: str
    url: str
    current: str = ""


def url_or_empty(name: str) -> str:
    """The address of that name, or nothing where this installation has no such page."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _current(links: Sequence[Link]) -> str:
    """Of a section: it is the page itself when its first line is, and where the page is when another one is."""
    return links[0].current or ("true" if any(link.current for link in links) else "")


class Frame:
    """The frame of one page; everything is looked up when a template asks for it."""

    organization_name: str = settings.IMR_ORGANIZATION_NAME

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def _mine(self) -> list[tuple[Entry, Link]]:
        """The lines of the signed-in person, in the order of the table; none for anybody else."""
        # A request that was refused before the sessions are looked at has none.
        user = getattr(self._request, "user", None)
        if not isinstance(user, User):
            return []
        present = [(entry, url) for entry in MENU if entry.is_for(user) and (url := url_or_empty(entry.url_name))]
        path = self._request.path
        # The longest address that the page lies under is the line it belongs to.
        under = max((url for _, url in present if url != "/" and path.startswith(url)), key=len, default="")
        page = getattr(self._request.resolver_match, "view_name", "")
        under = next((url for entry, url in present if entry.pages and page.startswith(entry.pages)), under)
        return [
            (entry, Link(entry.label_for(user), url, "page" if url == path else "true" if url == under else ""))
            for entry, url in present
        ]

    @cached_property
    def menu(self) -> list[Link]:
        """The lines, those of one section as one; the section that the page belongs to is current."""
        lines: dict[str, list[Link]] = {}
        for entry, link in self._mine:
            lines.setdefault(entry.section or link.label, []).append(link)
        return [
            links[0] if len(links) == 1 else Link(name, links[0].url, _current(links)) for name, links in lines.items()
        ]

    @cached_property
    def section(self) -> list[Link]:
        """The lines of the section that the page belongs to, when there is more than one."""
        current = next((entry.section for entry, link in self._mine if link.current), "")
        links = [link for entry, link in self._mine if current and entry.section == current]
        return links if len(links) > 1 else []

    @cached_property
    def account_url(self) -> str:
        return url_or_empty("accounts:account")

    @cached_property
    def sign_in_url(self) -> str:
        return url_or_empty("accounts:sign-in")

    @cached_property
    def sign_out_url(self) -> str:
        return url_or_empty("accounts:sign-out")

    @cached_property
    def extend_url(self) -> str:
        return url_or_empty("accounts:session-extend")

    @cached_property
    def resume_url(self) -> str:
        return url_or_empty("accounts:session-resume")

    @property
    def idle_seconds(self) -> int:
        """How long the session surely lasts without a request; the server counts in steps of a minute."""
        return settings.IMR_SESSION_IDLE_SECONDS - SEEN_STEP_SECONDS


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Context processor: `frame` in every template that is rendered for a request."""
    return {"frame": Frame(request)}
