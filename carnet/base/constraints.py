"""Invariants that the database itself holds, each declared once and enforced on SQLite and on PostgreSQL.

How `NoOverlap` works, and what it rests on, is told in docs/development/double-booking.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NoReturn

from django.apps import apps
from django.core import checks
from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, NotSupportedError
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Reference, Statement, Table
from django.db.models import BaseConstraint, DateTimeField, Field, ForeignKey, Model, UniqueConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: What `create_sql` answers when its statement waits at the end of the migration: running "" does nothing.
DEFERRED = ""


def tenant_constraints(table: str, *fields: str, referred_to: bool = True) -> list[BaseConstraint]:
    """Return what every tenant table needs: to be referred to, and to refer to, within its organisation only.

    Tables that every booking writes to and nothing refers to say so: they have one index less to keep.
    """
    within = UniqueConstraint(fields=["organisation", "id"], name=f"{table}_in_organisation")
    return [
        *([within] if referred_to else []),
        *(SameOrganisation(field=field, name=f"{table}_{field}_same_organisation") for field in fields),
    ]


def violated(error: IntegrityError) -> str | None:
    """Return the name of the constraint that `error` speaks of, the same on both databases.

    None where SQLite does not tell: foreign keys (`SameOrganisation` too), `unique=True`, NOT NULL.
    """
    cause = error.__cause__
    if name := getattr(getattr(cause, "diag", None), "constraint_name", None):
        return str(name)
    text = str(cause or error)
    if unique := re.fullmatch(r"UNIQUE constraint failed: (.+)", text):
        return _unique_constraint_on(unique[1].split(", "))
    # A trigger's message is the bare name.
    if named := re.fullmatch(r"(?:CHECK constraint failed: |UNIQUE constraint failed: index ')?(\w+)'?", text):
        return named[1]
    return None


def _unique_constraint_on(qualified: Sequence[str]) -> str | None:
    """Return the one unique constraint on these "table.column"s; SQLite names columns, not the constraint."""
    if qualified[0].startswith("index "):
        return qualified[0].removeprefix("index ").strip("'")
    tables = {name.rpartition(".")[0] for name in qualified}
    columns = {name.rpartition(".")[2] for name in qualified}
    names = [
        constraint.name
        for model in apps.get_models(include_auto_created=True)
        if {model._meta.db_table} == tables
        for constraint in model._meta.constraints
        if isinstance(constraint, UniqueConstraint) and {_column(model, name) for name in constraint.fields} == columns
    ]
    return names[0] if len(names) == 1 else None


class TwoDatabases(BaseConstraint):
    """A constraint that SQLite and PostgreSQL hold each in its own way."""

    #: The keyword arguments besides the name and Django's own.
    parts: tuple[str, ...]

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        for part in self.parts:
            value = getattr(self, part)
            kwargs[part] = list(value) if isinstance(value, tuple) else value
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    def __repr__(self) -> str:
        parts = "".join(f" {part}={getattr(self, part)!r}" for part in self.parts)
        return f"<{type(self).__qualname__}: name={self.name!r}{parts}>"

    def refuse(self) -> NoReturn:
        raise ValidationError(str(self.get_violation_error_message()), code=self.violation_error_code)


class NoOverlap(TwoDatabases):
    """No two rows with equal `same` fields, both with `condition` true, overlap in time; touching is allowed.

    `start` and `end` are instants and make half-open ranges; `condition` is a boolean field. The model must also
    check that end is after start: PostgreSQL lets empty ranges pass, and the SQLite guard relies on it.
    """

    default_violation_error_message = _("This time is already taken.")
    parts = ("same", "start", "end", "condition")

    def __init__(
        self,
        *,
        name: str,
        same: Sequence[str],
        condition: str,
        start: str = "starts_at",
        end: str = "ends_at",
        violation_error_code: str | None = None,
        violation_error_message: str | Promise | None = None,
    ) -> None:
        self.same = tuple(same)
        self.start = start
        self.end = end
        self.condition = condition
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,  # type: ignore[arg-type]
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return str(self._exclusion("%(constraint)s", model, schema_editor))
        # Kept until the table stands under its final name, and told of renames: the schema editor rebuilds SQLite
        # tables under another name, and drops what hangs on the old one without a word.
        schema_editor.deferred_sql += self._index_and_triggers(model, schema_editor)
        return None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "postgresql":
            return self._exclusion("ALTER TABLE %(table)s ADD %(constraint)s", model, schema_editor)
        schema_editor.deferred_sql += self._index_and_triggers(model, schema_editor)
        return DEFERRED

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        # Only PostgreSQL asks: on SQLite the table is rebuilt without the constraint.
        return Statement(
            "ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def _columns(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> dict[str, Reference]:
        """Return references by the names the templates use; Django rewrites them when a column is renamed."""

        def column(name: str) -> Columns:
            return Columns(model._meta.db_table, [_column(model, name)], schema_editor.quote_name)

        return {
            "table": Table(model._meta.db_table, schema_editor.quote_name),
            "start": column(self.start),
            "end": column(self.end),
            "condition": column(self.condition),
            "pk": column(model._meta.pk.name),
            **{f"same_{number}": column(name) for number, name in enumerate(self.same)},
        }

    def _exclusion(self, template: str, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        # Ranges on all columns, equal values being ranges of one: GiST compares integers only with an extension.
        # Of the widest integer, so that a column may grow without its guard being written anew.
        equal = "".join(
            f"int8range(%(same_{number})s, %(same_{number})s, '[]') WITH &&, " for number in range(len(self.same))
        )
        constraint = (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} EXCLUDE USING gist ("
            f"{equal}tstzrange(%(start)s, %(end)s, '[)') WITH &&) WHERE (%(condition)s)"
        )
        return Statement(
            template % {"table": "%(table)s", "constraint": constraint}, **self._columns(model, schema_editor)
        )

    def _index_and_triggers(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        if schema_editor.connection.vendor != "sqlite":
            raise NotSupportedError(f"NoOverlap is not written for {schema_editor.connection.vendor}.")
        columns = self._columns(model, schema_editor)
        same = [f"%(same_{number})s" for number in range(len(self.same))]
        # Asked is only the last other row that starts before the new one ends. That is enough: the other rows last
        # (end after start) and do not overlap each other, so the later one starts, the later it ends; if any of
        # those that start before NEW.end reaches past NEW.start, the last of them does. And none that starts at
        # NEW.end or later overlaps. The triggers run after each single row is written, so by induction the other
        # rows are always free of overlaps. They read no other table, or SQLite would refuse to alter that one.
        check = (
            f"SELECT RAISE(ABORT, '{self.name}') WHERE (SELECT %(end)s FROM %(table)s WHERE "
            + "".join(f"{column} = NEW.{column} AND " for column in same)
            + "%(condition)s AND %(start)s < NEW.%(end)s AND %(pk)s <> NEW.%(pk)s"
            " ORDER BY %(start)s DESC LIMIT 1) > NEW.%(start)s;"
        )

        def trigger(suffix: str, event: str) -> Statement:
            name = schema_editor.quote_name(f"{self.name}_{suffix}")
            return Statement(
                f"CREATE TRIGGER {name} AFTER {event} ON %(table)s WHEN NEW.%(condition)s BEGIN {check} END", **columns
            )

        index = schema_editor.quote_name(f"{self.name}_index")
        guarded = ", ".join([*same, "%(start)s", "%(end)s", "%(condition)s"])
        return [
            Statement(
                f"CREATE INDEX {index} ON %(table)s ({', '.join([*same, '%(start)s'])}) WHERE %(condition)s", **columns
            ),
            trigger("insert", "INSERT"),
            trigger("update", f"UPDATE OF {guarded}"),
        ]

    def validate(
        self, model: type[Model], instance: Model, exclude: set[str] | None = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        fields = {*self.same, self.start, self.end, self.condition}
        if fields & (exclude or set()) or not getattr(instance, self.condition):
            return
        values = {name: getattr(instance, _field(model, name).attname) for name in fields}
        if any(value is None for value in values.values()):
            return
        overlapping = model._default_manager.using(using).filter(
            **{_field(model, name).attname: values[name] for name in self.same},
            **{
                self.condition: True,
                f"{self.start}__lt": values[self.end],
                f"{self.end}__gt": values[self.start],
            },
        )
        if not instance._state.adding:
            overlapping = overlapping.exclude(pk=instance.pk)
        if overlapping.exists():
            self.refuse()

    def _check(self, model: type[Model], connection: Any) -> list[checks.CheckMessage]:
        """Refuse nullable columns (a range without a bound overlaps everything) and bounds that are no instants."""
        fields = [_field(model, name) for name in (*self.same, self.start, self.end, self.condition)]
        messages: list[checks.CheckMessage] = [
            checks.Error(f"“{self.name}” needs “{field.name}” to be NOT NULL.", obj=model, id="carnet.E001")
            for field in fields
            if field.null
        ]
        messages += [
            checks.Error(f"“{self.name}” needs “{name}” to be a DateTimeField.", obj=model, id="carnet.E002")
            for name in (self.start, self.end)
            if not isinstance(_field(model, name), DateTimeField)
        ]
        return messages


class SameOrganisation(TwoDatabases):
    """The row that `field` refers to belongs to this row's organisation: a foreign key on both columns together.

    Checked, like Django's own foreign keys, at the end of the transaction; nothing is asked of a null `field`. The
    other table must be unique on (organisation, id), which `tenant_constraints` gives it.
    """

    default_violation_error_message = _("This belongs to another organisation.")
    parts = ("field",)

    def __init__(
        self,
        *,
        name: str,
        field: str,
        violation_error_code: str | None = None,
        violation_error_message: str | Promise | None = None,
    ) -> None:
        self.field = field
        super().__init__(
            name=name,
            violation_error_code=violation_error_code,
            violation_error_message=violation_error_message,  # type: ignore[arg-type]
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor == "sqlite":
            # Inside the table's definition, the only place SQLite knows; the other table may come later.
            return str(self._foreign_key("%(constraint)s", model, schema_editor))
        return self.create_sql(model, schema_editor) or None

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        if schema_editor.connection.vendor != "postgresql":
            raise NotSupportedError(f"SameOrganisation cannot be added on {schema_editor.connection.vendor}.")
        # At the end of the migration, as Django's own: by then the other table is there, and unique as it must be.
        schema_editor.deferred_sql.append(
            self._foreign_key("ALTER TABLE %(table)s ADD %(constraint)s", model, schema_editor)
        )
        return DEFERRED

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        # A row still to be checked forbids altering its table: have the checks done first.
        return Statement(
            "SET CONSTRAINTS %(name)s IMMEDIATE; ALTER TABLE %(table)s DROP CONSTRAINT %(name)s",
            table=Table(model._meta.db_table, schema_editor.quote_name),
            name=schema_editor.quote_name(self.name),
        )

    def _foreign_key(self, template: str, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> Statement:
        target = _target(model, self.field)
        constraint = (
            f"CONSTRAINT {schema_editor.quote_name(self.name)} FOREIGN KEY (%(columns)s)"
            " REFERENCES %(to_table)s (%(to_columns)s) DEFERRABLE INITIALLY DEFERRED"
        )
        quote = schema_editor.quote_name
        here, there = model._meta.db_table, target._meta.db_table
        return Statement(
            template % {"table": "%(table)s", "constraint": constraint},
            table=Table(here, quote),
            columns=Columns(here, [_column(model, "organisation"), _column(model, self.field)], quote),
            to_table=Table(there, quote),
            to_columns=Columns(there, [_column(target, "organisation"), _column(target, target._meta.pk.name)], quote),
        )

    def validate(
        self, model: type[Model], instance: Model, exclude: set[str] | None = None, using: str = DEFAULT_DB_ALIAS
    ) -> None:
        if {"organisation", self.field} & (exclude or set()):
            return
        pk = getattr(instance, _field(model, self.field).attname)
        organisation = getattr(instance, _field(model, "organisation").attname)
        if pk is None or organisation is None:
            return
        target = _target(model, self.field)
        if not target._default_manager.using(using).filter(pk=pk, organisation=organisation).exists():
            self.refuse()

    def _check(self, model: type[Model], connection: Any) -> list[checks.CheckMessage]:
        """Refuse a target that is not unique on (organisation, id): SQLite would complain only of written rows."""
        target = _target(model, self.field)
        if any(
            isinstance(constraint, UniqueConstraint)
            and tuple(constraint.fields) == ("organisation", target._meta.pk.name)
            and constraint.condition is None
            for constraint in target._meta.constraints
        ):
            return []
        message = f"“{self.name}” needs “{target._meta.label}” to be unique on organisation and id."
        return [checks.Error(message, obj=model, id="carnet.E003")]


def _field(model: type[Model], name: str) -> Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, Field)
    return field


def _column(model: type[Model], name: str) -> str:
    column = _field(model, name).column
    assert column is not None
    return column


def _target(model: type[Model], name: str) -> type[Model]:
    field = _field(model, name)
    assert isinstance(field, ForeignKey)
    related = field.remote_field.model
    assert not isinstance(related, str)
    return related
