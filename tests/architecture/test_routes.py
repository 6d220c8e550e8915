"""Every address declares who may ask for it."""

from rest_framework.permissions import AllowAny, IsAuthenticated

from tests.routes import Route, all_routes

# Django's redirect of one view asks no question itself; the address it leads to does.
WITHOUT_DECLARATION: dict[str, str] = {}
# API addresses whose only condition is a signed-in person or program.
FOR_ANY_ACCOUNT = {
    "api:schema": "the description of the interface names no case",
    "api:docs": "as the schema",
    "api:exchange-schema": "as the schema",
}


def _is_closed(route: Route) -> bool:
    if route.is_api:
        classes = getattr(route.view.cls, "permission_classes", [])  # type: ignore[attr-defined]
        if not classes or AllowAny in classes:
            return False
        return list(classes) != [IsAuthenticated] or route.name in FOR_ANY_ACCOUNT
    return bool(route.actions) or route.is_public or route.is_admin_site


def test_every_route_declares_who_may_ask() -> None:
    undeclared = sorted(
        f"{route.name} ({route.pattern})"
        for route in all_routes()
        if not _is_closed(route) and route.name not in WITHOUT_DECLARATION
    )
    assert undeclared == [], "Decorate these views with @requires(Action.…) or @public."


def test_no_route_is_both_public_and_for_roles() -> None:
    assert [route.name for route in all_routes() if route.is_public and route.actions] == []


def test_exceptions_name_routes_that_exist() -> None:
    names = {route.name for route in all_routes()}
    assert set(WITHOUT_DECLARATION) <= names
