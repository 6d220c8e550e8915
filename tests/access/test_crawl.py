"""What each role can click to: no page fails, no link is broken, every answer is private, looking changes nothing.

T4, I8 of the threats: reading by GET leaves every business row as it was, and nothing that a signed-in person received
stays in a cache.
"""

import html
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.urls import Resolver404, resolve

from cases.enums import CaseStatus
from cases.models import Document
from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.core import storage
from imr.core.models import JobState, OutboxJob
from reviews.models import Assignment, Letter
from reviews.services.review import open_review
from tests.factories.accounts import Cast, make_cast
from tests.factories.cases import make_case, make_draft, make_pdf
from tests.factories.letters import make_signable
from tests.factories.review_drafts import prepare_case
from tests.factories.reviews import accept_offer, make_offer, make_ready_case, make_reviewer

MOST_PAGES = 250
# Of one kind of page, so many: filters and sort orders multiply without end.
MOST_OF_A_KIND = 10
# What a look may write: that it happened, and that somebody is there.
WRITTEN_BY_LOOKING = re.compile(
    r"^(audit_|django_session$|axes_|core_heartbeat$|reviews_(readingvisit|documentvisit|assignmentlook|worksitting)$)"
)
LINK = re.compile(r"""<(?:a|iframe|img|form|link|[a-z]+)\b[^>]*?\s(href|src|hx-get)="([^"]*)"[^>]*>""")
GET_FORM = re.compile(r"""<form\b(?=[^>]*method="get")[^>]*?(?:\saction="([^"]*)")?[^>]*>""")


@dataclass
class Crawl:
    """Where a person got to, and what was wrong there."""

    role: Role
    client: Client
    seen: dict[str, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)

    def run(self, start: str) -> None:
        waiting = deque([(start, "the start")])
        while waiting and len(self.seen) < MOST_PAGES:
            address, origin = waiting.popleft()
            if address in self.seen:
                continue
            path = urlsplit(address).path
            try:
                kind = resolve(path).view_name
            except Resolver404:
                self.problems.append(f"{origin} links to {path}, which is no address")
                continue
            self.kinds[kind] += 1
            if self.kinds[kind] > MOST_OF_A_KIND:
                continue
            answer = self.client.get(path, dict(parse_qsl(urlsplit(address).query, keep_blank_values=True)))
            self.seen[address] = answer.status_code
            self.judge(address, origin, answer)
            waiting.extend((found, address) for found in self.links(address, answer))

    def judge(self, address: str, origin: str, answer: Any) -> None:
        if answer.status_code >= 400:
            self.problems.append(f"{answer.status_code} at {address}, linked from {origin}")
        headers = answer.headers
        wanted = {
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "X-Robots-Tag": "noindex, nofollow, noarchive",
        }
        for name, value in wanted.items():
            if headers.get(name) != value:
                self.problems.append(f"{address}: {name} is {headers.get(name)!r}")
        policy = headers.get("Content-Security-Policy", "")
        if not policy:
            self.problems.append(f"{address}: no Content-Security-Policy")
        elif answer.headers["Content-Type"].startswith("text/html") and re.search("unsafe-(inline|eval)", policy):
            self.problems.append(f"{address}: {policy}")

    def links(self, address: str, answer: Any) -> Iterator[str]:
        if answer.status_code in {301, 302, 303}:
            yield from self.inside(address, answer.headers["Location"])
        if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
            # A download is read to its end as a browser does, which also closes the file.
            b"".join(answer)
            return
        text = answer.content.decode()
        for name, target in LINK.findall(text):
            if name == "hx-get" and "status" not in target:
                # Searches ask with what was typed.
                continue
            yield from self.inside(address, html.unescape(target))
        for target in GET_FORM.findall(text):
            yield from self.inside(address, html.unescape(target) or urlsplit(address).path)

    def inside(self, address: str, target: str) -> Iterator[str]:
        """The address as this site's own, without its fragment; nothing for other sites and files."""
        parts = urlsplit(urljoin(f"http://testserver{address}", target))
        if parts.netloc == "testserver" and parts.scheme == "http" and not parts.path.startswith("/static/"):
            yield f"{parts.path}?{parts.query}" if parts.query else parts.path


def business_rows() -> dict[str, tuple[int, str]]:
    """How many rows each table holds, and a sum over what stands in them, without regard to their order."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(names):
            if not WRITTEN_BY_LOOKING.match(name):
                cursor.execute(f"SELECT count(*), coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '')"
                               f' FROM "{name}" t')  # fmt: skip
                found[name] = cursor.fetchone()
    return found


def _world() -> Cast:
    """Cases in every state a page can show, of both claims administrators, with a reviewer at each point."""
    cast = make_cast()
    reviewer = make_reviewer(cast.reviewer)
    make_reviewer(cast.other_reviewer, verified=False)
    make_draft(cast.claims)
    for status in CaseStatus:
        if status != CaseStatus.DRAFT:
            make_case(status, user=cast.claims if status != CaseStatus.RECEIVED else cast.away_claims)
    make_case(user=cast.claims, items=3)
    make_offer(make_ready_case(cast.home), reviewer)
    accepted = make_ready_case(cast.home)
    prepare_case(accepted)
    open_review(assignment_id=accept_offer(make_offer(accepted, reviewer)).pk, actor=cast.reviewer)
    make_signable(organization=cast.home, reviewer=reviewer)
    make_signable(organization=cast.home, reviewer=reviewer).letter()
    make_signable(organization=cast.home, reviewer=reviewer).served(cast.administrator)
    failed = make_signable(organization=cast.away).sign()
    OutboxJob.objects.filter(args={"determination_id": failed.pk}).update(
        state=JobState.FAILED, finished_at=failed.signed_at, problem="RenderError", attempts=8
    )
    for document in Document.objects.all():
        # Factories that need no bytes leave them out; whoever clicks wants to read.
        stored = storage.store_bytes(make_pdf(mark=f"read by click {document.pk}"))
        Document.objects.filter(pk=document.pk).update(sha256=stored.sha256, size=stored.size)
    return cast


@pytest.mark.django_db
def test_every_role_clicks_through_its_pages_and_changes_nothing(client_of: Callable[..., Client]) -> None:
    cast = _world()
    assert Letter.objects.count() == 3
    assert Assignment.objects.count() >= 6
    crawls = []
    for role, person in cast.people.items():
        if role == Role.API_CLIENT:
            # A program has no pages; its addresses are asked one by one elsewhere.
            continue
        client = client_of(person, raise_request_exception=False)
        before = business_rows()
        crawl = Crawl(role, client)
        crawl.run("/")
        after = business_rows()
        changed = [name for name in before if before[name] != after[name]]
        if changed:
            crawl.problems.append(f"looking changed {changed}")
        crawls.append(crawl)
    assert {crawl.role.value: crawl.problems for crawl in crawls if crawl.problems} == {}
    for crawl in crawls:
        assert len(crawl.seen) >= 8, (crawl.role, list(crawl.seen))
    # Everybody who works on cases got to the pages of cases.
    for role in (Role.CLAIMS_STAFF, Role.ADMINISTRATOR, Role.AUDITOR):
        kinds = next(crawl.kinds for crawl in crawls if crawl.role == role)
        assert {"cases:case-detail", "cases:document-download"} <= set(kinds), (role, kinds)


@pytest.mark.django_db
def test_sum_over_the_rows_notices_a_change(client_of: Callable[..., Client]) -> None:
    cast = make_cast()
    before = business_rows()
    User.objects.filter(pk=cast.claims.pk).update(full_name="Somebody Else")
    changed = business_rows()
    assert [name for name in before if before[name] != changed[name]] == [User._meta.db_table]


@pytest.mark.django_db
def test_crawl_notices_a_link_to_nowhere_and_a_missing_header(cast: Cast, client_of: Callable[..., Client]) -> None:
    crawl = Crawl(Role.CLAIMS_STAFF, client_of(cast.claims))
    crawl.run("/cases/9999999/")
    assert crawl.problems == ["404 at /cases/9999999/, linked from the start"]
    crawl = Crawl(Role.CLAIMS_STAFF, client_of(cast.claims))
    crawl.run("/nowhere/")
    assert crawl.problems == ["the start links to /nowhere/, which is no address"]
