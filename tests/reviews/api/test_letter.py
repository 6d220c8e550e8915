"""The letter over the programs' interface: not there before its release, the stored bytes after it."""

import hashlib
from collections.abc import Callable

from django.test import Client

from imr.accounts.models import User
from imr.audit.models import Event
from imr.core import clock
from tests.factories.accounts import Cast
from tests.factories.api import make_program
from tests.factories.letters import make_signable, serve


def test_letter_can_be_had_after_its_release_and_by_its_organization(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    signed = letter = make_signable(organization=cast.home).letter()
    program, stranger = make_program(cast.manager), make_program(cast.away_manager)
    path = f"cases/{letter.case_id}/"
    before = [program.get(f"{path}letter/"), program.get(f"{path}letter/pdf/")]
    assert [answer.status_code for answer in before] == [404, 404]
    assert before[0].content == program.get("cases/9999999/letter/").content
    case = program.get(path).json()
    assert (case["letter"], case["links"]["letter"]) == ({"state": "none", "released_at": None}, None)
    assert {item["outcome"] for item in case["items"]} == {""}
    staff = client_of(cast.administrator).get(f"/api/v1/{path}").json()
    assert staff["letter"]["state"] == "ready"

    letter = serve(signed, cast.administrator)
    case = program.get(path).json()
    assert case["letter"]["state"] == "served"
    assert {item["outcome"] for item in case["items"]} == {"upheld"}
    told = program.get(f"{path}letter/").json()
    assert (told["sha256"], told["file_name"]) == (letter.sha256, letter.file_name)
    assert (told["service_date"], told["version"]) == (clock.today().isoformat(), 1)
    pdf = program.get(f"{path}letter/pdf/")
    data = b"".join(pdf)
    assert hashlib.sha256(data).hexdigest() == letter.sha256
    assert (int(pdf["Content-Length"]), pdf["Cache-Control"]) == (len(data), "no-store")
    assert Event.objects.filter(action="letter.download", object_id=letter.pk, detail__how="api").count() == 1
    head = program.send("HEAD", f"{path}letter/pdf/")
    assert (head.status_code, b"".join(head)) == (200, b"")

    for address in (path, f"{path}letter/", f"{path}letter/pdf/"):
        assert stranger.get(address).status_code == 404
    assert client_of(cast.reviewer).get(f"/api/v1/{path}letter/").status_code == 403
