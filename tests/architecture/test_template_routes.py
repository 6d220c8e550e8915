"""Templates name routes that there are: with `as` a wrong name is no error but an empty address."""

import re
from pathlib import Path

from django.conf import settings

from tests.routes import all_routes

NAMED = re.compile(r"{%\s*url\s+['\"]([\w:-]+)['\"]")


def test_every_route_that_a_template_names_exists() -> None:
    known = {route.name for route in all_routes()}
    named = {
        (str(path.relative_to(settings.BASE_DIR)), name)
        for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html")
        for name in NAMED.findall(path.read_text())
    }
    assert len(named) > 300
    assert sorted((path, name) for path, name in named if name not in known) == []
