"""Repeating lines: parts with their quantity and price, whatever a sheet lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from carnet.customisation.rules import Kind, RuleError, Variable, checked, rounded, value_of
from carnet.customisation.types.choices import Choice
from carnet.customisation.types.days import Day
from carnet.customisation.types.meaning import NOWHERE, FieldEntry, FieldType, NotAccepted, Problems, Setting
from carnet.customisation.types.numbers import Money, Number, Percent
from carnet.customisation.types.texts import Checkbox, Text
from carnet.customisation.types.totals import Total
from carnet.customisation.wording import label_problem

MOST_LINES: Final = 200
MOST_COLUMNS: Final = 12
#: What a column may hold.
COLUMN_TYPES: Final[Mapping[str, FieldType]] = {
    one.key: one for one in (Text(), Number(), Money(), Percent(), Day(), Checkbox(), Choice(), Total())
}
Line = dict[str, Any]
_BAR = re.compile(r"(?<!\\)\|")


class Lines(FieldType):
    """Lines of columns `c1`, `c2` …; a column with a rule ("c2 * c3") is worked out of the others in its line."""

    key = "lines"
    kind = Kind.LINES
    for_sheets = True
    properties = frozenset({"columns"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> list[Line] | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = self._split(field, value)
        if not isinstance(value, list) or not all(isinstance(line, Mapping) for line in value):
            raise NotAccepted(_("This must be a list of lines."))
        if len(value) > MOST_LINES:
            raise NotAccepted(_("At most %(limit)d lines.") % {"limit": MOST_LINES})
        lines = [self._line(field, line, number, setting) for number, line in enumerate(value, start=1)]
        return [line for line in lines if line] or None

    def _line(self, field: FieldEntry, line: Mapping[str, Any], number: int, setting: Setting) -> Line:
        columns = columns_of(field)
        if any(key not in columns for key in line):
            raise NotAccepted(_("Line %(number)d has a column that the list does not have.") % {"number": number})
        kept: Line = {}
        for key, column in columns.items():
            if column["type"] == Total.key:
                continue
            try:
                found = COLUMN_TYPES[column["type"]].read(column, line.get(key), setting)
            except NotAccepted as refused:
                raise NotAccepted(
                    _("Line %(number)d: %(sentence)s") % {"number": number, "sentence": str(refused)}
                ) from None
            if found is not None and found != "":
                kept[key] = found
        if kept:
            self._work_out(columns, kept, number)
        for key, column in columns.items():
            # What was told is sent back with the rest: it may stand there, but not say anything else.
            if column["type"] == Total.key and line.get(key) not in (None, "", self._sent(column, kept.get(key))):
                raise NotAccepted(_("A total of line %(number)d cannot be typed.") % {"number": number})
        return kept

    def _work_out(self, columns: Mapping[str, FieldEntry], line: Line, number: int) -> None:
        variables = column_variables(columns)
        known = {key: COLUMN_TYPES[columns[key]["type"]].ruled(columns[key], value) for key, value in line.items()}
        for key, column in columns.items():
            if column["type"] != Total.key:
                continue
            try:
                result = value_of(checked(column["rule"], variables, (Kind.NUMBER, Kind.MONEY)), known)
            except RuleError:
                raise NotAccepted(_("Line %(number)d comes to too large a total.") % {"number": number}) from None
            if result is not None:
                line[key] = rounded(result, column.get("decimals", 0))  # type: ignore[arg-type]

    @staticmethod
    def _sent(column: FieldEntry, value: Any) -> Any:
        return None if value is None else COLUMN_TYPES[column["type"]].sent(column, value, NOWHERE)

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        """Return a line of text for each line, its columns parted by bars; totals are left out."""
        columns = {key: column for key, column in columns_of(field).items() if column["type"] != Total.key}
        return "\n".join(
            " | ".join(
                _escaped(COLUMN_TYPES[column["type"]].typed(column, line[key], setting)) if key in line else ""
                for key, column in columns.items()
            )
            for line in value
        )

    def _split(self, field: FieldEntry, text: str) -> list[dict[str, str]]:
        columns = [key for key, column in columns_of(field).items() if column["type"] != Total.key]
        lines = []
        for number, line in enumerate(text.splitlines()[: MOST_LINES + 1], start=1):
            cells = [cell.strip().replace("\\|", "|") for cell in _BAR.split(line)]
            if len(cells) > len(columns):
                raise NotAccepted(_("Line %(number)d has a column that the list does not have.") % {"number": number})
            lines.append(dict(zip(columns, cells, strict=False)))
        return lines

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        columns = columns_of(field)
        return "\n".join(
            ", ".join(
                COLUMN_TYPES[columns[key]["type"]].shown(columns[key], line[key], setting, language)
                for key in columns
                if key in line
            )
            for line in value
        )

    def sent(self, field: FieldEntry, value: Any, setting: Setting) -> list[Line]:
        columns = columns_of(field)
        return [{key: self._sent(columns[key], one) for key, one in line.items() if key in columns} for line in value]

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        parts = {key: COLUMN_TYPES[column["type"]].schema(column) for key, column in columns_of(field).items()}
        return {"type": "array", "maxItems": MOST_LINES, "items": {"type": "object", "properties": parts}}

    def ruled(self, field: FieldEntry, value: Any) -> tuple[Line, ...]:
        columns = columns_of(field)
        return tuple(
            {
                key: COLUMN_TYPES[columns[key]["type"]].ruled(columns[key], one)
                for key, one in line.items()
                if key in columns
            }
            for line in value
        )

    def problems(self, field: FieldEntry) -> Problems:
        columns = field.get("columns")
        if not isinstance(columns, list) or not 1 <= len(columns) <= MOST_COLUMNS:
            yield "columns", _("A list has 1 to %(limit)d columns.") % {"limit": MOST_COLUMNS}
            return
        for column in columns:
            kind = COLUMN_TYPES.get(column.get("type"))
            if kind is None:
                yield "columns", _("There is no such type of field.")
                return
            if problem := label_problem(column.get("label")):
                yield "columns", problem
                return
            for _property, problem in kind.problems(column):
                yield "columns", problem
                return


def columns_of(field: FieldEntry) -> dict[str, FieldEntry]:
    return {column["key"]: column for column in field["columns"]}


def column_variables(columns: Mapping[str, FieldEntry]) -> dict[str, Variable]:
    """Return the columns that the rule of another may name: those that are typed."""
    return {
        key: Variable(
            COLUMN_TYPES[column["type"]].kind, frozenset(choice["id"] for choice in column.get("choices", ()))
        )
        for key, column in columns.items()
        if column["type"] != Total.key
    }


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")
