"""The guards of the product, and how a test run takes one away to see its tests fail.

The product has no switch for this: the change is made from here, in the process of the tests only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True)
class Guard:
    """What protects, on which databases its tests must fail without it, and how to take it away."""

    protects: str
    databases: tuple[str, ...]
    take_away: Callable[[], None]
    remark: str = ""


def _without_constraint(name: str) -> None:
    """Let the constraint class write no SQL, before the test database is made."""
    from carnet.base import constraints

    def nothing(self: Any, model: Any, schema_editor: Any) -> str:
        return ""

    constraint = getattr(constraints, name)
    constraint.constraint_sql = constraint.create_sql = nothing


def _no_overlap() -> None:
    _without_constraint("NoOverlap")


def _same_organisation() -> None:
    _without_constraint("SameOrganisation")


def _resource_lock() -> None:
    from django.db.models import QuerySet

    def unlocked(self: Any, *args: Any, **kwargs: Any) -> Any:
        return self.all()

    QuerySet.select_for_update = unlocked  # type: ignore[method-assign]


def _scope() -> None:
    import django_scopes

    django_scopes.get_scope = lambda: {"_enabled": False}


def _access_require() -> None:
    from carnet.organisations.access import Access

    Access.require = lambda self, permission: None  # type: ignore[method-assign]


def _visible() -> None:
    from carnet.organisations.access import Access

    Access.visible = lambda self, queryset: queryset  # type: ignore[method-assign]


def _field_rights() -> None:
    from carnet.organisations.access import Access

    Access.field_rights = {}  # type: ignore[assignment,misc]


def _csrf() -> None:
    from django.middleware.csrf import CsrfViewMiddleware

    CsrfViewMiddleware.process_view = lambda self, *args: None  # type: ignore[method-assign]


GUARDS = {
    "no_overlap": Guard("nobody and nothing is booked twice", (SQLITE, POSTGRESQL), _no_overlap),
    "resource_lock": Guard(
        "what was looked at stays true until it is written",
        (POSTGRESQL,),
        _resource_lock,
        remark="SQLite has no row locks: BEGIN IMMEDIATE lets one writer in at a time, whatever it wants to change.",
    ),
    "scope": Guard("a query sees one organisation", (SQLITE,), _scope),
    "same_organisation": Guard("rows refer to their own organisation's", (SQLITE, POSTGRESQL), _same_organisation),
    "access_require": Guard("operations need their permission", (SQLITE,), _access_require),
    "visible": Guard("records out of sight stay unseen", (SQLITE,), _visible),
    "field_rights": Guard("hidden and read-only fields stay so", (SQLITE,), _field_rights),
    "csrf": Guard("forms of other sites are refused", (SQLITE,), _csrf),
}


def take_away(name: str) -> None:
    """Disable the guard in this process, once Django is set up and before the test database is made."""
    GUARDS[name].take_away()
