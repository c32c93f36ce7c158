"""Rows written by statements that are written once: for what every booking writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, CharField, Field, ForeignKey, IntegerField, Model, TextField
from django.db.models.base import ModelState
from django.db.models.sql import InsertQuery

from carnet.base.prepared import prepared_cursor

ModelT = TypeVar("ModelT", bound=Model)

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


def new_row(model: type[ModelT], **values: Any) -> ModelT:
    """Return `model(**values)`, made for being written: quicker, for values of the right types; no signals are sent."""
    blank = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    fields = vars(row)
    fields.update(blank.constants)
    fields.update({name: make() for name, make in blank.makers if name not in values})
    for name, value in values.items():
        if (column := blank.references.get(name)) is not None:
            row._state.fields_cache[name] = value
            fields[column] = None if value is None else value.pk
        else:
            fields[name] = value
    if len(fields) != blank.size:
        raise TypeError(f"{model.__name__} has no such fields: {sorted(fields.keys() - blank.constants.keys())}")
    return row


class Blank(NamedTuple):
    """What a record of a model has before anything is said of it, by attribute."""

    constants: dict[str, Any]
    makers: list[tuple[str, Callable[[], Any]]]
    #: From a foreign key to the attribute of its id.
    references: dict[str, str]
    #: How many attributes a record has: those of its fields, and its state.
    size: int


@cache
def _blank(model: type[Model]) -> Blank:
    fields = model._meta.concrete_fields
    makers = [(field.attname, field.default) for field in fields if field.has_default() and callable(field.default)]
    made = dict(makers)
    constants = {field.attname: None if field.attname in made else field.get_default() for field in fields}
    references = {field.name: field.attname for field in fields if isinstance(field, ForeignKey)}
    return Blank(constants, makers, references, len(constants) + 1)


class Naming(NamedTuple):
    """The plain field of a row that holds the id of another one."""

    row: Model
    field: str
    whose: Model


class NewRows:
    """New rows that belong together: made ready at leisure, and written as fast as can be.

    Foreign keys may name rows before theirs, which have no id yet. Whoever writes many small rows one after the other
    spends more time on asking than the database does on writing, so PostgreSQL is asked once for all of them.
    """

    def __init__(self, rows: Sequence[Model], names: Sequence[Naming] = ()) -> None:
        self._connection = connections[DEFAULT_DB_ALIAS]
        self._rows = rows
        place = {id(row): position for position, row in enumerate(rows)}
        named: dict[int, dict[str, int]] = {}
        for naming in names:
            named.setdefault(id(naming.row), {})[naming.field] = place[id(naming.whose)]
        #: Instants as the database takes them: a few stand in many columns.
        self._instants: dict[tuple[datetime, int], Any] = {}
        self._ready = [self._made_ready(row, place, named.get(id(row), {})) for row in rows]

    def write(self) -> None:
        """Write them and give each its id, again if the transaction did not last. Errors are those of `insert`."""
        with prepared_cursor() as cursor:
            if self._connection.vendor == "sqlite":
                for row, ready in zip(self._rows, self._ready, strict=True):
                    for _name, column, position in ready.references:
                        ready.values[column] = self._rows[position].pk
                    cursor.execute(ready.statement.sql, ready.values)
                    row.pk = cursor.lastrowid
            else:
                shape = tuple((type(row), ready.references) for row, ready in zip(self._rows, self._ready, strict=True))
                cursor.execute(_written_together(shape), [value for ready in self._ready for value in ready.given])
                for row, pk in zip(self._rows, cursor.fetchone() or (), strict=True):
                    row.pk = pk
        for row, ready in zip(self._rows, self._ready, strict=True):
            # Past the descriptors, which would forget the records that they were given.
            vars(row).update({name: self._rows[position].pk for name, _column, position in ready.references})
            row._state.adding, row._state.db = False, self._connection.alias

    def _made_ready(self, row: Model, place: dict[int, int], named: dict[str, int]) -> Ready:
        statement = _written(type(row), self._connection.vendor)
        values: list[Any] = []
        references = []
        # Past the descriptors: a new row holds a value for each of its fields.
        held = vars(row)
        for column, (field, name, plain) in enumerate(statement.columns):
            value = held[name]
            position = named.get(name)
            if value is None and position is None and isinstance(field, ForeignKey):
                position = place.get(id(field.get_cached_value(row, default=None)))
            if position is not None:
                references.append((name, column, position))
                values.append(None)
            elif value is None or type(value) is plain:
                values.append(value)
            elif type(value) is datetime:
                # An hour that clocks show twice is equal to itself.
                instant = value, value.fold
                if instant not in self._instants:
                    self._instants[instant] = field.get_db_prep_save(value, self._connection)
                values.append(self._instants[instant])
            else:
                values.append(field.get_db_prep_save(value, self._connection))
        return Ready(statement, values, tuple(references))


#: Name and place of a column that holds the id of an earlier row, and the place of that row.
Reference = tuple[str, int, int]


class Ready(NamedTuple):
    """What a row is written with, but for ids that are not known yet."""

    statement: Written
    values: list[Any]
    references: tuple[Reference, ...]

    @property
    def given(self) -> list[Any]:
        asked = {column for _name, column, _position in self.references}
        return [value for column, value in enumerate(self.values) if column not in asked]


@lru_cache(maxsize=500)
def _written_together(shape: tuple[tuple[type[Model], tuple[Reference, ...]], ...]) -> str:
    """Return one statement of PostgreSQL: a part of it writes each row, with the ids that earlier parts give."""
    parts = []
    for position, (model, references) in enumerate(shape):
        sql = _written(model, "postgresql").sql
        pieces = sql.split("%s")
        given = ["%s"] * (len(pieces) - 1)
        for _name, column, earlier in references:
            given[column] = f"(SELECT id FROM row{earlier})"
        parts.append(f"row{position} AS ({''.join(map(''.join, zip(pieces, [*given, ''], strict=True)))})")
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
