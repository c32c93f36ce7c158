"""Every address of the product and the verbs it knows, read from the URLconfs and the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import getclosurevars
from typing import Any

from django.http import HttpResponse
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern

from carnet.api.doors import PREFIX, api

#: Where an address lies: before any organisation, inside one (below /o/<slug>/), or in the API.
OUTSIDE, INSIDE, API = "outside", "inside", "api"
URLCONFS = {OUTSIDE: "tests.doors.urls", INSIDE: "carnet.urls_organisation"}
VERBS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
SAFE = ("GET", "HEAD")


@dataclass(frozen=True, order=True)
class Route:
    """One verb at one address, as the URLconf writes it."""

    door: str
    path: str
    verb: str

    def __str__(self) -> str:
        return f"{self.verb} {self.path or '(root)'} [{self.door}]"

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the values in the address."""
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.path))


def all_routes() -> list[Route]:
    """Return every route; HEAD is listed only where GET is not answered alike."""
    found = {Route(door, path, verb) for door in URLCONFS for path, view in pages(door) for verb in verbs_of(view)}
    for path, operations in api.get_openapi_schema()["paths"].items():
        assert path.startswith(PREFIX)
        found |= {Route(API, path.removeprefix(PREFIX), verb.upper()) for verb in operations}
    return sorted(found)


def pages(door: str) -> Iterator[tuple[str, Callable[..., HttpResponse]]]:
    """Yield each address of a URLconf and its view; the API’s operations are read from its document instead."""
    for path, view in _walk(import_module(URLCONFS[door]).urlpatterns, ""):
        if path.startswith(PREFIX.strip("/")) and path != f"{PREFIX.strip('/')}/openapi.json":
            continue
        yield path, view


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, Callable[..., HttpResponse]]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, before + str(one.pattern))
        elif isinstance(one, URLPattern) and not isinstance(one.pattern, RegexPattern):
            # What a regular expression catches is an address that is none: it is answered 404 without looking at it.
            yield before + str(one.pattern), one.callback


def catch_alls() -> list[str]:
    """Return the views that regular expressions lead to, by their dotted names."""

    def walk(patterns: list[Any]) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                yield from walk(one.url_patterns)
            elif isinstance(one.pattern, RegexPattern):
                yield f"{one.callback.__module__}.{one.callback.__qualname__}"

    return [name for module in URLCONFS.values() for name in walk(import_module(module).urlpatterns)]


def verbs_of(view: Callable[..., HttpResponse]) -> tuple[str, ...]:
    """Return the verbs that a view answers; ("ANY",) for one that does not say so."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        known = [name.upper() for name in view_class.http_method_names if hasattr(view_class, name)]
        # Every page with GET answers HEAD by itself, and OPTIONS tells what is told here; PUT is POST by another name.
        return tuple(verb for verb in known if verb in VERBS and verb != "HEAD")
    inner: Any = view
    while inner is not None:
        declared = getclosurevars(inner).nonlocals.get("request_method_list")
        if declared is not None:
            return tuple(verb for verb in declared if verb != "HEAD" or "GET" not in declared)
        inner = getattr(inner, "__wrapped__", None)
    return ("ANY",)
