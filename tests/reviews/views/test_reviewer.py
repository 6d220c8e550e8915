"""The register's pages: what they show, to whom, and what bad input is answered."""

import io
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from imr.accounts.enums import Role
from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from imr.core.words import mmddyyyy
from reviews.enums import LicenseStatus, VerificationKind
from reviews.models import Affiliation, CredentialVerification, License, Reviewer
from reviews.models.identity import ReviewerIdentity
from reviews.selectors.reviewer import credential_line, credential_problems
from tests.factories.accounts import Cast, make_user
from tests.factories.reviews import make_accepted, make_offer, make_reviewer, verify

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


@pytest.fixture
def desk(cast: Cast, client_of: SignIn) -> Client:
    return client_of(cast.administrator)


def entry(**fields: object) -> dict[str, object]:
    return {
        "first_name": "Zora",
        "last_name": "Quill",
        "degree": "MD",
        "npi": "1234567893",
        "phone": "916 555 0134",
        "practice_name": "Quill Orthopedics",
        "years_in_practice": "11",
        "hours_per_week": "30",
        "practice_attested_on": mmddyyyy(clock.today()),
        "maximum_load": "5",
        **fields,
    }


def pdf_bytes() -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_reviewer_is_entered_credentialed_verified_and_fit(cast: Cast, desk: Client) -> None:
    answer = desk.post(reverse("reviews:reviewer-create"), {"user": cast.reviewer.pk, **entry()})
    reviewer = Reviewer.objects.get(user=cast.reviewer)
    assert answer.headers["Location"] == reverse("reviews:reviewer-detail", args=[reviewer.pk])
    assert ReviewerIdentity.objects.get(reviewer=reviewer).phone == "(916) 555-0134"
    steps = {
        "license-create": {
            "state": "CA",
            "kind": "md",
            "number": "A1",
            "expires_on": mmddyyyy(clock.today() + timedelta(days=400)),
            "status": "active",
        },
        "certification-create": {"board": "American Board of Examples", "specialty": "Orthopedic Surgery"},
        "affiliation-create": {"relation": "facility", "name": "Quill Surgery Center"},
    }
    for name, data in steps.items():
        reviewer.refresh_from_db()
        url = reverse(f"reviews:{name}", args=[reviewer.pk])
        assert desk.get(url).status_code == 200
        assert desk.post(url, {"version": reviewer.version, **data}).status_code == 302, name
    problems = credential_problems(reviewer, clock.today())
    assert problems == [
        "The California license on file has not been verified.",
        "The certification in Orthopedic Surgery has not been verified.",
        "Sanctions and discipline have not been checked yet.",
    ]
    url = reverse("reviews:verification-create", args=[reviewer.pk])
    held, certification = reviewer.licenses.get(), reviewer.certifications.get()
    for subject in (f"license-{held.pk}", f"certification-{certification.pk}", "sanctions"):
        data = {"subject": subject, "result": "yes", "source": "Board website", "verified_on": mmddyyyy(clock.today())}
        assert desk.post(url, data).status_code == 302
    assert credential_problems(reviewer, clock.today()) == []
    due = CredentialVerification.objects.filter(kind="license").get().due_again_on
    assert due == clock.today().replace(year=clock.today().year + 3)
    page = desk.get(reverse("reviews:reviewer-detail", args=[reviewer.pk])).content.decode()
    for words in ("Zora Quill, MD", reviewer.code, "Quill Surgery Center", "Board website", cast.reviewer.email):
        assert words in page


def test_audit_record_of_the_register_names_nobody(cast: Cast, desk: Client) -> None:
    desk.post(reverse("reviews:reviewer-create"), {"user": cast.reviewer.pk, **entry()})
    reviewer = Reviewer.objects.get(user=cast.reviewer)
    data = {"version": reviewer.version, **entry(last_name="Quillfeather", hours_per_week="28")}
    assert desk.post(reverse("reviews:reviewer-edit", args=[reviewer.pk]), data).status_code == 302
    event = Event.objects.get(action="reviewer.edit")
    assert event.detail["changed"] == ["hours_per_week", "last_name"]
    kept = " ".join(f"{row.detail} {row.reason}" for row in Event.objects.filter(action__startswith="reviewer."))
    for secret in ("Quill", "Zora", "1234567893", "555-0134", cast.reviewer.email):
        assert secret not in kept


def test_stale_version_is_refused_once_and_typed_text_stays(desk: Client) -> None:
    reviewer = make_reviewer()
    url = reverse("reviews:reviewer-edit", args=[reviewer.pk])
    Reviewer.objects.filter(pk=reviewer.pk).update(version=7)
    answer = desk.post(url, {"version": 1, **entry(practice_name="Typed by me")})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this reviewer" in page
    assert "Typed by me" in page
    assert 'name="version" value="7"' in page
    assert desk.post(url, {"version": 7, **entry(practice_name="Typed by me")}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("first_name", "", "Enter the first name."),
        ("first_name", "x" * 121, "121"),
        ("npi", "1234567890", "its last digit does not fit the others"),
        ("npi", "12345", "Enter the 10 digits of the NPI"),
        ("npi", "١٢٣٤٥٦٧٨٩٠", "Enter the 10 digits of the NPI"),
        ("phone", "12", "Enter a 10-digit number"),
        ("years_in_practice", "-1", "as a whole number from 0 to 80."),
        ("years_in_practice", "9" * 30, "as a whole number from 0 to 80."),
        ("hours_per_week", "169", "as a whole number from 0 to 168."),
        ("practice_attested_on", "02/30/2026", "There is no such day."),
        ("practice_attested_on", "01/01/2999", "Enter a date between"),
        ("maximum_load", "0", "as a whole number from 1 to 200."),
        ("user", "999999", "Select an account of the list."),
        ("user", "x", "Select an account of the list."),
    ],
)
def test_bad_input_is_answered_beside_the_field(cast: Cast, desk: Client, field: str, value: str, words: str) -> None:
    data = {"user": cast.reviewer.pk, **entry(**{field: value})}
    answer = desk.post(reverse("reviews:reviewer-create"), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Quill" in answer.content.decode()
    assert not Reviewer.objects.exists()


def test_account_is_linked_once_and_only_a_reviewers(cast: Cast, desk: Client) -> None:
    make_reviewer(user=cast.reviewer)
    for account in (cast.reviewer, cast.claims):
        answer = desk.post(reverse("reviews:reviewer-create"), {"user": account.pk, **entry()})
        assert answer.status_code == 422
    page = desk.get(reverse("reviews:reviewer-create")).content.decode()
    assert cast.other_reviewer.email in page
    assert f">{cast.reviewer.email}<" not in page


def test_list_filters_sorts_and_pages(desk: Client) -> None:
    today = clock.today()
    good = make_reviewer(identity={"last_name": "Aaron"})
    lapsed = make_reviewer(states=("NV",), identity={"last_name": "Bell"})
    License.objects.filter(reviewer=lapsed).update(expires_on=today - timedelta(days=1))
    soon = make_reviewer(specialties=("Pain Medicine",), identity={"last_name": "Cole"})
    License.objects.filter(reviewer=soon).update(expires_on=today + timedelta(days=60))
    unverified = make_reviewer(verified=False, identity={"last_name": "Dunn"})
    away = make_reviewer(is_active=False, identity={"last_name": "Ely"})
    everybody = [good, lapsed, soon, unverified, away]

    def shown(**query: str) -> list[str]:
        answer = desk.get(reverse("reviews:reviewer-list"), query)
        assert answer.status_code == 200
        page = answer.content.decode()
        return sorted((one.code for one in everybody if one.code in page), key=page.index)

    assert shown() == [one.code for one in everybody]
    assert shown(sort="-name") == [one.code for one in reversed(everybody)]
    assert shown(standing="in_order") == [good.code]
    assert shown(standing="lapsed") == [lapsed.code]
    assert shown(standing="expiring") == [soon.code]
    assert shown(standing="unverified") == [unverified.code]
    assert shown(standing="inactive") == [away.code]
    assert shown(specialty="Pain Medicine") == [soon.code]
    assert shown(state="NV") == [lapsed.code]
    assert shown(q="dunn") == [unverified.code]
    assert shown(q="%") == []
    assert shown(page="nonsense") == [one.code for one in everybody]
    bad = desk.get(reverse("reviews:reviewer-list"), {"sort": "user__password", "standing": "x"})
    assert bad.status_code == 422
    assert "No reviewer matches" in desk.get(reverse("reviews:reviewer-list"), {"q": "nobody"}).content.decode()


def test_empty_register_says_what_to_do(cast: Cast, desk: Client, client_of: SignIn) -> None:
    assert "Invite an expert reviewer" in desk.get(reverse("reviews:reviewer-list")).content.decode()
    page = client_of(cast.auditor).get(reverse("reviews:reviewer-list")).content.decode()
    assert "when an administrator adds them" in page
    assert "Add a reviewer" not in page


def test_verified_license_keeps_its_number_and_takes_a_new_expiry(desk: Client) -> None:
    reviewer = make_reviewer()
    held = reviewer.licenses.get()
    url = reverse("reviews:license-edit", args=[reviewer.pk, held.pk])
    data = {
        "version": 1,
        "state": "CA",
        "kind": "md",
        "number": held.number,
        "expires_on": "01/31/2031",
        "status": "active",
    }
    answer = desk.post(url, {**data, "number": "OTHER"})
    assert answer.status_code == 409
    assert "so its state, kind and number stay" in answer.content.decode()
    assert desk.post(url, data).status_code == 302
    event = Event.objects.get(action="reviewer.license.edit")
    assert event.detail["before"]["status"] == LicenseStatus.ACTIVE
    again = desk.post(reverse("reviews:license-create", args=[reviewer.pk]), {**data, "version": 2})
    assert "This license is on file already." in again.content.decode()


def test_credentials_of_another_reviewer_are_not_found(desk: Client) -> None:
    mine, other = make_reviewer(), make_reviewer()
    tie = Affiliation.objects.create(reviewer=other, relation="employer", name="Acme")
    for name, pk in (
        ("license-edit", other.licenses.get().pk),
        ("certification-edit", other.certifications.get().pk),
        ("affiliation-edit", tie.pk),
    ):
        assert desk.get(reverse(f"reviews:{name}", args=[mine.pk, pk])).status_code == 404
        assert desk.get(reverse(f"reviews:{name}", args=[other.pk, pk])).status_code == 200
    subject = f"license-{other.licenses.get().pk}"
    data = {"subject": subject, "result": "yes", "source": "Site", "verified_on": mmddyyyy(clock.today())}
    assert desk.post(reverse("reviews:verification-create", args=[mine.pk]), data).status_code == 422


def test_verification_log_is_append_only_in_the_product_and_a_later_failure_counts(desk: Client) -> None:
    reviewer = make_reviewer()
    data = {
        "subject": f"license-{reviewer.licenses.get().pk}",
        "result": "no",
        "source": "Board website",
        "verified_on": mmddyyyy(clock.today()),
    }
    assert desk.post(reverse("reviews:verification-create", args=[reviewer.pk]), data).status_code == 302
    assert credential_problems(reviewer, clock.today()) == [
        "The California license on file did not pass its last verification."
    ]
    assert CredentialVerification.objects.filter(reviewer=reviewer, kind="license").count() == 2
    future = {**data, "verified_on": mmddyyyy(clock.today() + timedelta(days=1))}
    assert desk.post(reverse("reviews:verification-create", args=[reviewer.pk]), future).status_code == 422


def test_deactivation_asks_why_and_waits_for_open_cases(desk: Client) -> None:
    offer = make_offer()
    reviewer = offer.reviewer
    url = reverse("reviews:reviewer-active", args=[reviewer.pk])
    assert desk.post(url, {"version": 1, "reason": ""}).status_code == 422
    answer = desk.post(url, {"version": 1, "reason": "Left"})
    assert answer.status_code == 409
    assert "has 1 open case. Take them back first" in answer.content.decode()
    desk.post(reverse("reviews:assignment-recall", args=[offer.pk]), {"reason": "Leaving"})
    assert desk.post(url, {"version": 1, "reason": "Left"}).status_code == 302
    reviewer.refresh_from_db()
    assert not reviewer.is_active
    assert desk.post(url, {"version": 2, "reason": "Back"}).status_code == 302
    reviewer.refresh_from_db()
    assert reviewer.is_active


def test_cv_is_checked_stored_and_downloaded_under_the_code(cast: Cast, desk: Client, client_of: SignIn) -> None:
    reviewer = make_reviewer()
    url = reverse("reviews:reviewer-cv-upload", args=[reviewer.pk])
    assert desk.get(reverse("reviews:reviewer-cv", args=[reviewer.pk])).status_code == 404
    bad = SimpleUploadedFile("Zora-Quill.pdf", b"MZ not a pdf" * 20)
    answer = desk.post(url, {"version": 1, "file": bad})
    assert answer.status_code == 400
    assert "This is not a PDF" in answer.content.decode()
    content = pdf_bytes()
    good = SimpleUploadedFile("Zora-Quill.pdf", content)
    assert desk.post(url, {"version": 1, "file": good}).status_code == 302
    answer = client_of(cast.auditor).get(reverse("reviews:reviewer-cv", args=[reviewer.pk]))
    assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reviewer.code}_cv.pdf"'
    assert Event.objects.filter(action="reviewer.cv_download", actor=cast.auditor).count() == 1
    assert b"Quill" not in str(answer.headers).encode()


def test_credential_line_has_valid_states_california_first_and_no_name() -> None:
    reviewer = make_reviewer(states=("TX", "CA", "NV"), specialties=("Orthopedic Surgery", "Pain Medicine"))
    License.objects.filter(reviewer=reviewer, state="NV").update(expires_on=clock.today() - timedelta(days=1))
    line = credential_line(reviewer)
    assert line.states == ("California", "Texas")
    assert line.specialties == ("Orthopedic Surgery", "Pain Medicine")


CANARY = {
    "first_name": "Canaryfirst",
    "last_name": "Canarylast",
    "degree": "CanaryDeg",
    "npi": "9988776651",
    "phone": "(916) 555-0199",
    "practice_name": "Canarypractice",
}


@pytest.fixture
def canary() -> Reviewer:
    """A reviewer with an open case, recognizable in each field that tells who it is."""
    user = make_user(Role.REVIEWER, email="canarymail@example.org")
    reviewer = make_reviewer(user=user, code="R-CANARY", identity=CANARY, cv_sha256="c" * 64, cv_name="Canarycv.pdf")
    License.objects.filter(reviewer=reviewer).update(number="CANARYLIC")
    verify(reviewer, VerificationKind.PRACTICE, source="Canarysource")
    Affiliation.objects.create(reviewer=reviewer, relation="employer", name="Canarytie")
    make_accepted(reviewer=reviewer)
    make_offer(reviewer=reviewer)
    return reviewer


def _urls(canary: Reviewer) -> list[str]:
    own = [
        reverse(f"reviews:{name}", args=[canary.pk])
        for name in (
            "reviewer-detail",
            "reviewer-edit",
            "reviewer-active",
            "reviewer-cv",
            "reviewer-cv-upload",
            "license-create",
            "certification-create",
            "affiliation-create",
            "verification-create",
        )
    ]
    assignments = [
        url
        for row in canary.assignments.all()
        for url in (
            reverse("reviews:assignment-create", args=[row.case_id]),
            reverse("reviews:assignment-recall", args=[row.pk]),
            reverse("reviews:assignment-offer", args=[row.pk]),
            reverse("reviews:assignment-return", args=[row.pk]),
        )
    ]
    held = reverse("reviews:license-edit", args=[canary.pk, canary.licenses.get().pk])
    lists = [reverse(f"reviews:{name}") for name in ("reviewer-list", "reviewer-create", "assignment-queue")]
    return [*own, *assignments, held, *lists]


def test_reviewer_is_named_to_nobody_outside(cast: Cast, canary: Reviewer, client_of: SignIn) -> None:
    make_reviewer(user=cast.other_reviewer)
    secrets = ["canary", "9988776651", "555-0199", "c" * 64]
    lists = [reverse("reviews:reviewer-list") + query for query in ("?q=Canarylast", "?standing=in_order")]
    outside: list[User] = [cast.claims, cast.manager, cast.reviewer, cast.other_reviewer, cast.operator]
    for person in outside:
        client = client_of(person)
        for url in [*_urls(canary), *lists]:
            answer = client.get(url)
            sent = (answer.content.decode() + str(answer.headers)).casefold()
            assert answer.status_code in {403, 404}, (person, url)
            assert [secret for secret in secrets if secret in sent] == [], (person, url)


def test_auditor_reads_the_register_and_changes_nothing(cast: Cast, canary: Reviewer, client_of: SignIn) -> None:
    client = client_of(cast.auditor)
    page = client.get(reverse("reviews:reviewer-detail", args=[canary.pk])).content.decode()
    assert "Canarylast" in page
    assert "Change" not in page
    assert Event.objects.filter(action="reviewer.view", actor=cast.auditor, object_id=canary.pk).count() == 1
    for name in ("reviewer-edit", "reviewer-active", "reviewer-cv-upload", "license-create", "verification-create"):
        assert client.get(reverse(f"reviews:{name}", args=[canary.pk])).status_code == 403
        assert client.post(reverse(f"reviews:{name}", args=[canary.pk]), {}).status_code == 403
    missing = client.get(reverse("reviews:reviewer-detail", args=[canary.pk + 10_000]))
    assert missing.status_code == 404
