"""A determination as data over the programs' interface: after its service, to those it was served on."""

from collections.abc import Callable

import jsonschema
from django.test import Client

from imr.accounts.models import User
from reviews.letters.exchange_schema import EXCHANGE_SCHEMA
from reviews.selectors.exchange import exchange_of
from tests.factories.accounts import Cast
from tests.factories.api import make_program
from tests.factories.letters import make_signable


def test_determination_as_data_follows_the_letter(cast: Cast, client_of: Callable[[User], Client]) -> None:
    letter = make_signable(organization=cast.home).letter()
    program, stranger = make_program(cast.manager), make_program(cast.away_manager)
    path = f"cases/{letter.case_id}/determination/"
    assert program.get(path).status_code == 404
    told = client_of(cast.administrator).get(f"/api/v1/{path}").json()
    assert told == exchange_of(letter.determination).to_data()
    schema = program.get("exchange-schema/").json()
    assert schema == EXCHANGE_SCHEMA
    jsonschema.validate([told], schema)
    assert stranger.get(path).status_code == 404
    assert client_of(cast.reviewer).get(f"/api/v1/{path}").status_code == 403
    assert Client().get("/api/v1/exchange-schema/").status_code == 401
