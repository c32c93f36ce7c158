"""Rows written by statements that are written once: for what every booking writes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Field, Model
from django.db.models.sql import InsertQuery


def insert(row: Model) -> None:
    """Write a new row of any model and give it its id, as `save(force_insert=True)` would.

    No signals are sent, and as after `bulk_create` an error leaves the transaction to whoever opened it: catch it
    outside the unit of work.
    """
    sql, fields = _written(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: Any = cursor.fetchone()
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias


class Written(NamedTuple):
    sql: str
    #: Whose values it takes, in their order.
    fields: Sequence[Field[Any, Any]]


@lru_cache(maxsize=200)
def _written(model: type[Model], vendor: str) -> Written:
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    compiler: Any = query.get_compiler(connection=connection)
    compiler.returning_fields = [model._meta.pk]
    [(sql, parameters)] = compiler.as_sql()
    # One place for each field, or values would end up in other columns.
    assert len(parameters) == len(fields)
    return Written(sql, fields)
