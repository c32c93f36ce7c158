"""Rows written by statements that are written once: for what every booking writes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, CharField, Field, ForeignKey, IntegerField, Model, TextField
from django.db.models.sql import InsertQuery

from carnet.base.prepared import prepared_cursor

#: Values of these types are handed to the database as they are, by the fields beside them.
_AS_THEY_ARE = {str: (CharField, TextField), int: (IntegerField, ForeignKey), bool: (BooleanField,)}


def insert(row: Model) -> None:
    """Write a new row of any model and give it its id, as `save(force_insert=True)` would.

    No signals are sent, and as after `bulk_create` an error leaves the transaction to whoever opened it: catch it
    outside the unit of work.
    """
    # The connection itself: fields ask it dozens of times, and each time the usual stand-in would look for it.
    connection = connections[DEFAULT_DB_ALIAS]
    statement = _written(type(row), connection.vendor)
    values: list[Any] = []
    for field, name, plain in statement.columns:
        value = getattr(row, name)
        values.append(value if type(value) is plain else field.get_db_prep_save(value, connection))
    with prepared_cursor() as cursor:
        cursor.execute(statement.sql, values)
        found: Any = cursor.fetchone() if statement.returns else (cursor.lastrowid,)
    row.pk = found[0]
    row._state.adding, row._state.db = False, connection.alias


class Written(NamedTuple):
    sql: str
    #: Each field with the attribute that holds its value, and the type that needs no preparing.
    columns: Sequence[tuple[Field[Any, Any], str, type | None]]
    #: Whether the statement gives the id back; SQLite's driver knows it anyway.
    returns: bool


@lru_cache(maxsize=200)
def _written(model: type[Model], vendor: str) -> Written:
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    compiler: Any = query.get_compiler(DEFAULT_DB_ALIAS)
    returns = vendor != "sqlite"
    if returns:
        compiler.returning_fields = [model._meta.pk]
    [(sql, parameters)] = compiler.as_sql()
    # One place for each field, or values would end up in other columns.
    assert len(parameters) == len(fields)
    return Written(sql, [(field, field.attname, _plain(field)) for field in fields], returns)


def _plain(field: Field[Any, Any]) -> type | None:
    return next((plain for plain, kinds in _AS_THEY_ARE.items() if isinstance(field, kinds)), None)
