"""The tenant's fence: rows are reachable only while their organisation is open.

A typed wrapper of django-scopes, so that the rest of the house has one place to look at.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import django_scopes
from django.db import models
from django.db.models.sql import Query
from django_scopes.exceptions import ScopeError

if TYPE_CHECKING:
    from carnet.organisations.models import Organisation

ModelT = TypeVar("ModelT", bound=models.Model)

__all__ = ["ScopeError", "ScopedManager", "Tenant", "open_organisation", "open_organisation_id", "scopes_disabled"]


class ScopedManager(models.Manager[ModelT]):
    """A manager whose queries raise `ScopeError` unless an organisation is open, and then see only its rows."""

    def get_queryset(self) -> models.QuerySet[ModelT]:
        scope: dict[str, Any] = django_scopes.get_scope()
        if not scope.get("_enabled", True):
            return super().get_queryset()
        organisation = scope.get("organisation")
        if organisation is None:
            raise ScopeError(f"no organisation is open: {self.model.__name__} cannot be queried")
        rows = super().get_queryset()
        rows.query = _within(self.model, organisation.pk).chain()
        return rows


@lru_cache(maxsize=1_000)
def _within(model: type[models.Model], organisation: int) -> Query:
    """Return the condition of the fence, to be copied: that is much quicker than to write it for each query."""
    return models.QuerySet(model).filter(organisation=organisation).query


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


def open_organisation_id() -> int | None:
    """Return the id of the organisation whose scope is open here."""
    organisation = django_scopes.get_scope().get("organisation")
    return None if organisation is None else int(organisation.pk)


class Tenant(models.Model):
    """A row that belongs to one organisation."""

    # The constraint that every tenant table has (`tenant_constraints`) begins with it: an index of its own would only
    # be one more to write.
    organisation = models.ForeignKey(
        "organisations.Organisation", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    objects = ScopedManager()

    class Meta:
        abstract = True
