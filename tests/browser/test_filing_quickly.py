"""How much has to be entered for three items when the address book knows the parties, counted."""

import re
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from cases.enums import PartyRole
from cases.models import Case, DisputedItem
from cases.services.address import add_entry, save_preset
from imr.accounts.models import User
from imr.core import clock
from tests.factories.accounts import Cast, make_cast
from tests.factories.cases import make_pdf

pytestmark = pytest.mark.django_db(transaction=True)

# What a filing of three items may ask for.
MOST_ENTRIES = 60
PLACE = {"address_line_1": "1 Clinic Way", "city": "Fresno", "state": "CA", "zip_code": "93701"}


class Typist:
    """Fills fields and counts: an entry is a field that was given a value, a click a button, link or tick."""

    def __init__(self, page: Page) -> None:
        self.page, self.entries, self.clicks = page, 0, 0

    def type(self, label: str, value: str) -> None:
        field = self.page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$")).first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
        self.entries += 1

    def choose(self, group: str, answer: str) -> None:
        # USWDS draws the button of a choice on its label.
        self.page.get_by_role("group", name=re.compile(re.escape(group))).get_by_text(answer, exact=True).click()
        self.entries += 1

    def press(self, name: str, role: str = "button", heading: str = "") -> None:
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.clicks += 1
        if heading:
            expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)


def make_book(cast: Cast) -> None:
    user: User = cast.claims
    common: dict[str, Any] = {"actor": user, "organization": user.organization}
    bell = add_entry(
        **common,
        role=PartyRole.REQUESTING_PHYSICIAN,
        answers={
            **PLACE,
            "first_name": "Noah",
            "last_name": "Bell",
            "specialty": "Pain Medicine",
            "phone": "(559) 555-0177",
        },
    )
    desk = add_entry(
        **common,
        role=PartyRole.CLAIMS_ADMINISTRATOR,
        answers={**PLACE, "firm_name": user.organization.name, "last_name": "Kovac", "phone": "(559) 555-0100"},
    )
    add_entry(**common, role=PartyRole.EMPLOYER, answers={**PLACE, "firm_name": "Delta Orchards, Inc."})
    save_preset(
        **common,
        name="Usual",
        answers={
            "review_type": "regular",
            "service_method": "mail",
            "requesting_physician": bell,
            "claims_administrator": desk,
        },
    )


def test_three_items_take_fewer_than_sixty_entries(
    page: Page,
    sign_in: Callable[[User], None],
    live_server: LiveServer,
    axe: Callable[[Page], None],
    no_sideways_scroll: Callable[[Page], None],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    cast = make_cast()
    make_book(cast)
    sign_in(cast.claims)
    me, day = Typist(page), clock.today() - timedelta(days=9)
    page.goto(f"{live_server.url}/cases/new/")
    axe(page)
    no_sideways_scroll(page)
    me.type("Preset", "Usual")
    me.press("Start a new application", heading="Application")
    me.press("Injured worker", "link", "Injured worker")
    me.type("First name", "Maria")
    me.type("Last name", "Sandoval")
    me.type("Street address", "12 Alder Street")
    me.type("City", "Fresno")
    me.type("State", "California")
    me.type("ZIP code", "93701")
    me.type("Date of birth", "05/17/1971")
    me.press("Save and continue", heading="Employer and claim")
    me.type("From the address book", "Delta Orchards, Inc. · Fresno")
    me.press("Fill in", heading="Employer and claim")
    expect(page.get_by_label("Employer’s name")).to_have_value("Delta Orchards, Inc.")
    axe(page)
    no_sideways_scroll(page)
    me.type("Claim number", "WC-2024-00815")
    me.type("Date of injury", f"{day - timedelta(days=400):%m/%d/%Y}")
    me.press("Save and continue", heading="Requesting physician")
    expect(page.get_by_label("Last name")).to_have_value("Bell")
    me.press("Save and continue", heading="Claims administrator")
    me.press("Save and continue", heading="UR decision")
    me.type("Date of the UR decision letter", f"{day:%m/%d/%Y}")
    me.type("Date the decision was served on the worker", f"{day:%m/%d/%Y}")
    me.type("Primary diagnosis", "Lumbar radiculopathy")
    me.choose("Was it denied only", "No")
    me.choose("Is liability also disputed", "No")
    me.press("Save and continue", heading="Disputed treatment")
    for number in range(3):
        me.press("Add an item" if number == 0 else "Add another item", "link")
        me.type("Requested treatment", f"{number + 6} sessions of aquatic therapy")
        me.type("Kind of treatment", "Other rehabilitation")
        me.choose("Outcome of utilization review", "Denied")
        page.wait_for_timeout(800)
        page.wait_for_load_state("networkidle")
        me.press("Save item", heading="Disputed treatment")
    me.press("Continue", "link", "Attorney or representative")
    me.choose("Does the worker have an attorney", "No")
    me.choose("Has the worker named somebody else", "No")
    me.press("Save and continue", heading="Signature and consent")
    me.choose("Who signed the application", "The injured worker")
    me.type("Name of the person who signed", "Maria Sandoval")
    me.type("Date of the signature", f"{day + timedelta(days=3):%m/%d/%Y}")
    me.type("Date of the consent to release medical records", f"{day + timedelta(days=3):%m/%d/%Y}")
    me.press("Save and continue", heading="Documents")
    for kind, name in (("UR decision letter", "letter"), ("Signed DWC Form IMR", "form")):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(make_pdf(2, mark=name))
        me.type("What are you adding?", kind)
        page.locator("#id_file").set_input_files([path])
        me.entries += 1
        expect(page.get_by_role("region", name="Documents on file")).to_contain_text(name, timeout=30_000)
    me.press("Continue", "link", "Check your answers")
    me.type("Your full name", cast.claims.full_name)
    page.get_by_text("I have checked these answers").click()
    me.entries += 1
    me.press("Submit application", heading="Application received")

    assert DisputedItem.objects.filter(case=Case.objects.get(number__isnull=False)).count() == 3
    with capsys.disabled():
        sys.stdout.write(f"\nThree items, two PDFs: {me.entries} entries, {me.clicks} clicks.\n")
    assert me.entries < MOST_ENTRIES
