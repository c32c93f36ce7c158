"""Statements written once: for what every request asks, where writing the SQL costs more than running it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from functools import cache
from threading import local
from types import SimpleNamespace
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import SQLiteCursorWrapper
from django.db.backends.utils import CursorWrapper
from django.db.models import JSONField, Model, QuerySet
from django.db.models.base import ModelState
from django.db.models.query import get_related_populators

from carnet.base.scopes import open_organisation_id

ModelT = TypeVar("ModelT", bound=Model)

#: Organisations whose statements a thread keeps.
_KEPT = 50


def prepared_cursor(**options: bool) -> CursorWrapper:
    """Return a cursor for a statement that is run over and over, whose values are given apart.

    Both databases keep such a statement ready; PostgreSQL's `options` are told in `carnet.base.postgresql.base`.
    """
    # The connection itself: its usual stand-in looks for it each time it is asked for anything.
    database: Any = connections[DEFAULT_DB_ALIAS]
    cursor: CursorWrapper
    if database.vendor == "postgresql":
        cursor = database.prepared_cursor(**options)
        return cursor
    database.ensure_connection()
    with database.wrap_database_errors:
        cursor = database._prepare_cursor(database.connection.cursor(factory=_SqliteCursor))
    return cursor


class _SqliteCursor(SQLiteCursorWrapper):
    """Turns the placeholders of a statement into SQLite's once: that takes as long as finding a record by its key."""

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if query not in _converted:
            if len(_converted) >= 1_000:
                _converted.clear()
            _converted[query] = super().convert_query(query)
        return _converted[query]


_converted: dict[str, str] = {}


class Prepared(Generic[ModelT]):
    """A query for at most one record by one value, which may follow foreign keys with `select_related` and annotate.

    `write` is given a value and returns the queryset; it is called once for each thread and open organisation, so it
    must not depend on anything but these two: no time, no reader. `mark` is a value of the right type that no record
    has: where it stands in the statement, the real one is put.
    """

    def __init__(
        self, write: Callable[[Any], QuerySet[ModelT]], mark: Any = "the value given when it is asked"
    ) -> None:
        self._write = write
        self._mark = mark
        self._written = local()

    def one(self, value: Any) -> ModelT | None:
        """Return the record for `value`, with the records it was asked to bring, or None."""
        statement = self._statement()
        row = self._row(statement, value)
        if row is None:
            return None
        made = statement.made.get(value)
        if made is None or made[0] != row:
            if len(statement.made) >= _KEPT:
                statement.made.clear()
            made = statement.made[value] = row, self._record(statement, row)
        record: ModelT = _copied(made[1])
        return record

    def _record(self, statement: SimpleNamespace, row: Any) -> ModelT:
        row = self._converted(statement, row)
        first, last = statement.columns
        record: ModelT = statement.model.from_db(DEFAULT_DB_ALIAS, statement.names, row[first:last])
        for populator in statement.populators:
            populator.populate(row, record)
        for name, column in statement.annotations:
            setattr(record, name, row[column])
        return record

    def values(self, value: Any) -> dict[str, Any] | None:
        """Return the record's own fields for `value` by name, without making a record of them, or None."""
        statement = self._statement()
        row = self._row(statement, value)
        if row is None:
            return None
        row = self._converted(statement, row)
        return dict(zip(statement.names, row[slice(*statement.columns)], strict=True))

    def _row(self, statement: SimpleNamespace, value: Any) -> Any:
        parameters = list(statement.parameters)
        value = statement.adapted(value)
        for place in statement.places:
            parameters[place] = value
        with prepared_cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            return cursor.fetchone()

    def _converted(self, statement: SimpleNamespace, row: Any) -> Any:
        if statement.converters:
            return next(iter(statement.compiler.apply_converters([row], statement.converters)))
        return row

    def _statement(self) -> SimpleNamespace:
        known: dict[object, SimpleNamespace] = self._written.__dict__.setdefault("statements", {})
        key = open_organisation_id()
        if key not in known:
            if len(known) >= _KEPT:
                known.clear()
            known[key] = self._prepared()
        return known[key]

    def _prepared(self) -> SimpleNamespace:
        compiler: Any = self._write(self._mark).query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        information, select = compiler.klass_info, compiler.select
        mark = _adapted(self._mark)
        found = information["select_fields"]
        columns = found[0], found[-1] + 1
        # The stubs describe a later Django here.
        populators: Any = get_related_populators
        return SimpleNamespace(
            sql=sql,
            parameters=parameters,
            places=[place for place, given in enumerate(parameters) if given == mark],
            #: Only ids of one kind are not handed to the database as they are.
            adapted=_adapted if isinstance(self._mark, UUID) else _as_it_is,
            columns=columns,
            names=[column[0].target.attname for column in select[slice(*columns)]],
            model=information["model"],
            populators=populators(information, select, connection.alias),
            annotations=list(compiler.annotation_col_map.items()),
            converters=compiler.get_converters([column[0] for column in select]),
            compiler=compiler,
            #: From a value to the row found last, as the database gave it, and what was made of it.
            made={},
        )


def _adapted(value: Any) -> Any:
    """Return a value as it is handed to the database."""
    return value.hex if isinstance(value, UUID) and not connection.features.has_native_uuid_field else value


def _as_it_is(value: Any) -> Any:
    return value


@cache
def _plain(model: type[Model]) -> frozenset[str]:
    """Return the attributes whose values nobody can change inside."""
    return frozenset(field.attname for field in model._meta.concrete_fields if not isinstance(field, JSONField))


def _copied(record: Any) -> Any:
    """Return the record, and those that it brings along, as if they had been made of their rows anew.

    The database is asked each time; only to make the same records of the same row takes longer than the question.
    """
    copy: Any = record.__class__.__new__(record.__class__)
    values = vars(copy)
    values.update(vars(record))
    for name in values.keys() - _plain(record.__class__):
        value = values[name]
        if value and type(value) in (dict, list):
            values[name] = deepcopy(value)
        elif type(value) in (dict, list):
            values[name] = type(value)()
    copy._state = ModelState()
    copy._state.db, copy._state.adding = record._state.db, False
    copy._state.fields_cache = {
        name: _copied(other) if isinstance(other, Model) else other
        for name, other in record._state.fields_cache.items()
    }
    return copy
