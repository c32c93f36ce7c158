"""Repeating lines in a form: a row of inputs for each, some empty ones for a page without a script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from carnet.base.money import currency_sign
from carnet.customisation.queries import FieldEntry, key_of, label_in
from carnet.customisation.types import Setting
from carnet.customisation.types.choices import open_choices
from carnet.customisation.types.lines import COLUMN_TYPES, MOST_LINES, columns_of

#: Empty lines that are there to be typed into; a script adds more.
SPARE: Final = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of one line."""

    name: str
    label: str
    type: str
    text: str
    input_mode: str = ""
    choices: Sequence[tuple[str, str]] = ()

    @property
    def is_total(self) -> bool:
        return self.type == "total"


@dataclass(frozen=True, slots=True)
class LinesDrawn:
    """The lines of a field: the rows, and an empty one to make more of ("%n" is its number)."""

    key: str
    rows: Sequence[Sequence[Cell]]
    empty: Sequence[Cell]
    most: int = MOST_LINES


def lines_drawn(
    field: FieldEntry,
    kept: Sequence[Mapping[str, Any]],
    typed: Sequence[Mapping[str, str]] | None,
    setting: Setting,
    language: str,
) -> LinesDrawn:
    """Return the lines as typed, else as kept; `typed` are those of a form that comes back."""
    columns = columns_of(field)
    shown = typed if isinstance(typed, list) else [_typed_line(columns, line, setting) for line in kept]

    def row(number: int | str, line: Mapping[str, str], totals: Mapping[str, Any]) -> list[Cell]:
        return [
            Cell(
                name=f"{key_of(field)}.{number}.{key}",
                label=_label(column, language),
                type=column["type"],
                text=_total(column, totals.get(key), setting, language)
                if column["type"] == "total"
                else line.get(key, ""),
                input_mode=_input_mode(column),
                choices=[(str(one["id"]), label_in(one["label"], language)) for one in open_choices(column)],
            )
            for key, column in columns.items()
        ]

    count = len(shown) + SPARE
    return LinesDrawn(
        key=key_of(field),
        rows=[
            row(n, shown[n] if n < len(shown) else {}, kept[n] if n < len(kept) and n < len(shown) else {})
            for n in range(count)
        ],
        empty=row("%n", {}, {}),
    )


def lines_typed(field: FieldEntry, data: QueryDict) -> list[dict[str, str]]:
    """Return the lines that were sent, as typed, without the empty ones; in the order of their numbers."""
    key = key_of(field)
    typed = [name for name, column in columns_of(field).items() if column["type"] != "total"]
    numbers: set[int] = set()
    for name in data:
        parts = name.split(".")
        if len(parts) == 3 and parts[0] == key and parts[1].isdecimal() and len(parts[1]) < 6 and parts[2] in typed:
            numbers.add(int(parts[1]))
    lines = [{one: data.get(f"{key}.{number}.{one}", "").strip() for one in typed} for number in sorted(numbers)]
    return [line for line in lines if any(line.values())]


def _typed_line(columns: Mapping[str, FieldEntry], line: Mapping[str, Any], setting: Setting) -> dict[str, str]:
    return {
        key: COLUMN_TYPES[column["type"]].typed(column, line[key], setting)
        for key, column in columns.items()
        if key in line and column["type"] != "total"
    }


def _total(column: FieldEntry, value: Any, setting: Setting, language: str) -> str:
    return "" if value is None else COLUMN_TYPES["total"].shown(column, value, setting, language)


def _label(column: FieldEntry, language: str) -> str:
    label = label_in(column["label"], language)
    if column["type"] == "money" and column.get("currency"):
        return f"{label} ({currency_sign(column['currency'])})"
    return f"{label} (%)" if column["type"] == "percent" else label


def _input_mode(column: FieldEntry) -> str:
    if column["type"] not in ("number", "money", "percent"):
        return ""
    return "decimal" if column.get("decimals") else "numeric"
