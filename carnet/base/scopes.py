"""The tenant's fence: rows are reachable only while their organisation is open.

A typed wrapper of django-scopes, so that the rest of the house has one place to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import django_scopes
from django.db import models
from django_scopes.exceptions import ScopeError

if TYPE_CHECKING:
    from carnet.organisations.models import Organisation

__all__ = ["ScopeError", "ScopedManager", "open_organisation", "scopes_disabled"]


def ScopedManager(organisation: str = "organisation") -> Any:  # noqa: N802 (reads as the class it stands for)
    """Return a manager whose queries raise `ScopeError` unless an organisation is open, and then see only its rows."""
    return django_scopes.ScopedManager(organisation=organisation)


@contextmanager
def open_organisation(organisation: Organisation) -> Iterator[None]:
    """Open the scope of `organisation`; generators that outlive the request must open it again themselves."""
    with django_scopes.scope(organisation=organisation):
        yield


@contextmanager
def scopes_disabled() -> Iterator[None]:
    """Lift the fence; only the callers listed in tests/base/test_scopes.py may do so."""
    with django_scopes.scopes_disabled():
        yield


def organisation_is_open() -> bool:
    """Return whether a scope of an organisation is open here."""
    return cast(Any, django_scopes.get_scope()).get("organisation") is not None


def open_organisation_id() -> int | None:
    """Return the id of the organisation whose scope is open here."""
    organisation = cast(Any, django_scopes.get_scope()).get("organisation")
    return None if organisation is None else cast(int, organisation.pk)


class Tenant(models.Model):
    """A row that belongs to one organisation."""

    organisation = models.ForeignKey("organisations.Organisation", on_delete=models.PROTECT, related_name="+")

    objects = ScopedManager(organisation="organisation")

    class Meta:
        abstract = True
