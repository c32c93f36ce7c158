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


def insert_together(rows: Sequence[Model], names: Sequence[Naming] = ()) -> None:
    """Write new rows that belong together and give each its id; PostgreSQL is asked once for all of them.

    Foreign keys may name rows before theirs, which have no id yet. Whoever writes many small rows one after the other
    spends more time on asking than the database does on writing. Errors are those of `insert`.
    """
    place = {id(row): position for position, row in enumerate(rows)}
    named = {(id(naming.row), naming.field): place[id(naming.whose)] for naming in names}
    references = [_references(row, place, named) for row in rows]
    if connections[DEFAULT_DB_ALIAS].vendor == "sqlite":
        for row, found in zip(rows, references, strict=True):
            _settle(row, found, rows)
            insert(row)
    else:
        _insert_at_once(rows, references)


class Naming(NamedTuple):
    """The plain field of a row that holds the id of another one."""

    row: Model
    field: str
    whose: Model


#: For each column that holds the id of an earlier row: its name, and the place of that row.
References = dict[str, int]


def _references(row: Model, place: dict[int, int], named: dict[tuple[int, str], int]) -> References:
    found = {}
    for field, name, _plain in _written(type(row), connections[DEFAULT_DB_ALIAS].vendor).columns:
        # An earlier try may have left an id there: whose it is now, only the row itself tells.
        target = named.get((id(row), name))
        if target is None and isinstance(field, ForeignKey):
            target = place.get(id(field.get_cached_value(row, default=None)))
        if target is not None:
            found[name] = target
    return found


def _settle(row: Model, references: References, rows: Sequence[Model]) -> None:
    # Past the descriptor, which would forget the record that it was given.
    vars(row).update({name: rows[position].pk for name, position in references.items()})


def _insert_at_once(rows: Sequence[Model], references: Sequence[References]) -> None:
    connection = connections[DEFAULT_DB_ALIAS]
    values: list[Any] = [
        value if type(value) is plain else field.get_db_prep_save(value, connection)
        for row, found in zip(rows, references, strict=True)
        for field, name, plain in _written(type(row), connection.vendor).columns
        if name not in found
        for value in (getattr(row, name),)
    ]
    shape = tuple((type(row), tuple(found.items())) for row, found in zip(rows, references, strict=True))
    with prepared_cursor() as cursor:
        cursor.execute(_written_together(shape), values)
        ids: Any = cursor.fetchone()
    for row, pk in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, connection.alias
    for row, found in zip(rows, references, strict=True):
        _settle(row, found, rows)


@lru_cache(maxsize=500)
def _written_together(shape: tuple[tuple[type[Model], tuple[tuple[str, int], ...]], ...]) -> str:
    """Return one statement of PostgreSQL: a part of it writes each row, with the ids that earlier parts give."""
    parts = []
    for position, (model, references) in enumerate(shape):
        statement, found = _written(model, "postgresql"), dict(references)
        pieces = statement.sql.split("%s")
        assert len(pieces) == len(statement.columns) + 1
        given = [f"(SELECT id FROM row{found[name]})" if name in found else "%s" for _, name, _ in statement.columns]
        sql = "".join(piece + value for piece, value in zip(pieces, [*given, ""], strict=True))
        parts.append(f"row{position} AS ({sql})")
    ids = ", ".join(f"(SELECT id FROM row{position})" for position in range(len(shape)))
    return f"WITH {', '.join(parts)} SELECT {ids}"


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
