"""Health, readiness and what crawlers and strangers get."""

import pytest
from django.test import Client
from pytest_django import Settings

from imr.core import jobs


def test_healthz_answers_without_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_readyz_names_what_is_away(client: Client, settings: Settings) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["worker"] is False
    for process in ("worker", "sweeper"):
        jobs.beat(process)
    assert client.get("/readyz").status_code == 200
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {
        "database": True,
        "broker": False,
        "storage": True,
        "worker": True,
        "sweeper": True,
    }


@pytest.mark.django_db
def test_no_page_is_for_crawlers_or_caches(client: Client) -> None:  # H12
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
    answer = client.get("/", follow=True)
    assert "noindex" in answer["X-Robots-Tag"]
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_unknown_addresses_answer_in_kind(client: Client) -> None:
    page = client.get("/no/such/page")
    assert page.status_code == 404
    assert "text/html" in page["Content-Type"]
    problem = client.get("/api/v1/no-such-thing/")
    assert problem.status_code == 404
    assert problem.json()["errors"][0]["code"] == "not_found"


def test_foreign_host_is_refused(client: Client) -> None:  # B39
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
