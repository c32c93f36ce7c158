"""Removing an organisation for good: every row of every table of a tenant, in short steps that may be interrupted.

The state is the rows themselves: whoever goes on after an interruption finds fewer of them. Tables that refer to others
come first, and of a table that refers to itself the rows that nothing refers to.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from graphlib import TopologicalSorter
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, Model, QuerySet

from carnet.base.scopes import Tenant, open_organisation
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.models import Organisation, User

#: Rows that one transaction removes: some ten milliseconds' worth, and far from a second.
BATCH = 500


def due_for_removal(now: datetime) -> QuerySet[Organisation]:
    """Return the organisations whose grace has ended."""
    return Organisation.objects.filter(deletion_due_at__lte=now).order_by("pk")


def tables_to_empty() -> list[type[Model]]:
    """Return every table of a tenant, each before those that it refers to."""
    tables = [model for model in apps.get_models() if issubclass(model, Tenant)]
    order: TopologicalSorter[type[Model]] = TopologicalSorter({model: set() for model in tables})
    for model in tables:
        for field in _references(model):
            if field.remote_field.model is not model:
                order.add(field.remote_field.model, model)
    return list(order.static_order())


def remove(organisation: Organisation) -> Iterator[int]:
    """Remove the organisation step by step, and yield after each how many rows it took; the last takes its own row."""
    with open_organisation(organisation):
        for model in tables_to_empty():
            while taken := _remove_some(model):
                yield taken
    shutil.rmtree(folder_of(organisation), ignore_errors=True)
    with unit_of_work():
        User.objects.filter(default_organisation=organisation).update(default_organisation=None)
        QuerySet(Organisation).filter(pk=organisation.pk)._raw_delete(connection.alias)
    yield 1


def folder_of(organisation: Organisation) -> Path:
    """Return the folder for the files of an organisation; it need not exist."""
    return Path(settings.DATA) / "organisations" / str(organisation.public_id)


def _remove_some(model: type[Model]) -> int:
    with unit_of_work():
        rows: QuerySet[Model] = model.objects.order_by("-pk")  # type: ignore[attr-defined]
        for field in _references(model):
            if field.remote_field.model is model:
                referred = model.objects.filter(**{f"{field.name}__isnull": False})  # type: ignore[attr-defined]
                rows = rows.exclude(pk__in=referred.values(field.name))
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if ids:
            # Nothing refers to them any more, so nothing need be looked for.
            model.objects.filter(pk__in=ids)._raw_delete(connection.alias)  # type: ignore[attr-defined]
    return len(ids)


def _references(model: type[Model]) -> list[ForeignKey[Model, Model]]:
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and issubclass(field.remote_field.model, Tenant)
    ]
