"""Statements written once: for what every request asks, where writing the SQL costs more than running it."""

from __future__ import annotations

from collections.abc import Callable
from threading import local
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

ModelT = TypeVar("ModelT", bound=Model)

_MARK = "the value given when it is asked"


class Prepared(Generic[ModelT]):
    """A query for at most one record by one text, which may follow foreign keys with `select_related`.

    `write` is given a text and returns the queryset; it is called once for each thread, so it must not depend on
    anything but that text: no scope, no time, no reader.
    """

    def __init__(self, write: Callable[[str], QuerySet[ModelT]]) -> None:
        self._write = write
        self._written = local()

    def one(self, value: str) -> ModelT | None:
        """Return the record for `value`, with the records it was asked to bring, or None."""
        if getattr(self._written, "vendor", None) != connection.vendor:
            self._prepare()
        statement = self._written
        parameters = tuple(value if given == _MARK else given for given in statement.parameters)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, parameters)
            row: Any = cursor.fetchone()
        if row is None:
            return None
        if statement.converters:
            row = next(iter(statement.compiler.apply_converters([row], statement.converters)))
        first, last = statement.columns
        record: ModelT = statement.model.from_db(connection.alias, statement.names, row[first:last])
        for populator in statement.populators:
            populator.populate(row, record)
        return record

    def _prepare(self) -> None:
        compiler: Any = self._write(_MARK).query.get_compiler(connection=connection)
        statement = self._written
        statement.sql, statement.parameters = compiler.as_sql()
        information, select = compiler.klass_info, compiler.select
        found = information["select_fields"]
        statement.columns = found[0], found[-1] + 1
        statement.names = [column[0].target.attname for column in select[found[0] : found[-1] + 1]]
        statement.model = information["model"]
        # The stubs describe a later Django here.
        populators: Any = get_related_populators
        statement.populators = populators(information, select, connection.alias)
        statement.converters = compiler.get_converters([column[0] for column in select])
        statement.compiler = compiler
        statement.vendor = connection.vendor
