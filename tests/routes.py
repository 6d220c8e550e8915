"""The site's addresses as the tests see them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from imr.accounts.enums import Action
from imr.accounts.permissions import ACTION_MARK, PUBLIC_MARK


@dataclass(frozen=True, slots=True)
class Route:
    """One address: `name` with its namespaces, the names of its arguments, and its view."""

    name: str
    pattern: str
    arguments: frozenset[str]
    view: Callable[..., Any]

    @property
    def actions(self) -> tuple[Action, ...]:
        """The acts of which a role needs one, as `requires` left them."""
        return getattr(self.view, ACTION_MARK, ())

    @property
    def is_public(self) -> bool:
        return bool(getattr(self.view, PUBLIC_MARK, False))

    @property
    def is_admin_site(self) -> bool:
        return self.name.startswith("admin:")

    @property
    def is_api(self) -> bool:
        """Whether Django REST framework answers, whose permission classes say who may ask."""
        return hasattr(self.view, "cls")


def all_routes() -> list[Route]:
    """Every address of the project, whole URLconf, depth first."""
    return list(_walk(get_resolver().url_patterns, "", "", frozenset()))


def _walk(patterns: Any, prefix: str, namespace: str, arguments: frozenset[str]) -> Iterator[Route]:
    for entry in patterns:
        path = prefix + str(entry.pattern)
        names = arguments | set(entry.pattern.converters) | set(getattr(entry.pattern.regex, "groupindex", {}))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry.url_patterns, path, inner, names)
        elif isinstance(entry, URLPattern):
            yield Route(f"{namespace}{entry.name or path}", path, frozenset(names), entry.callback)
