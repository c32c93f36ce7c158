"""A job sheet as it is printed: every field that it asks, with what was filled in, lines as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language

from carnet.customisation.conditions import Conditions
from carnet.customisation.queries import FieldEntry, key_of, label_in
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.choices import open_choices
from carnet.customisation.types.files import FILES, told
from carnet.customisation.types.lines import COLUMN_TYPES, columns_of
from carnet.customisation.types.meaning import FileTold
from carnet.customisation.values import shown_text
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.queries import setting_of
from carnet.organisations.access import Access

NUMBERS = ("number", "money", "percent", "total")


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class PrintedField:
    """A field with its value in words; lines have `columns` and `rows`, a checklist its `points`."""

    label: str
    type: str
    text: str = ""
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[tuple[Column, str]]] = ()
    #: Each point of a checklist, and whether it is ticked.
    points: Sequence[tuple[str, bool]] = ()
    #: A picture or signature is printed, of a file its name.
    file: FileTold | None = None


@dataclass(frozen=True, slots=True)
class PrintedSection:
    label: str
    fields: Sequence[PrintedField]


def printed_sections(access: Access, sheet: JobSheet) -> list[PrintedSection]:
    """Return what a sheet says, in the version it was filled in with: what it asks, as far as the reader sees it."""
    document = sheet.layout_version.document
    asked = Conditions(document, sheet.custom).shown
    language, setting = get_language() or "", setting_of(access, sheet.appointment)
    sections = [
        PrintedSection(
            label_in(section.get("label") or {}, language),
            [
                _printed(field, sheet.custom.get(key_of(field)), setting, language)
                for field in section["fields"]
                if key_of(field) in asked and access.may_read_field(JOB_SHEETS, key_of(field))
            ],
        )
        for section in document["sections"]
    ]
    return [section for section in sections if section.fields]


def _printed(field: FieldEntry, value: Any, setting: Setting, language: str) -> PrintedField:
    label, kind = label_in(field["label"], language), field["type"]
    if kind == "lines":
        columns = columns_of(field)
        heads = {key: Column(label_in(one["label"], language), one["type"] in NUMBERS) for key, one in columns.items()}
        rows = [
            [(head, _cell(columns[key], line.get(key), setting, language)) for key, head in heads.items()]
            for line in value or ()
        ]
        return PrintedField(label, kind, columns=list(heads.values()), rows=rows)
    if kind == "checklist":
        ticked = set(value or ())
        points = [(label_in(one["label"], language), one["id"] in ticked) for one in open_choices(field)]
        archived = ticked - {one["id"] for one in open_choices(field)}
        kept = [(type_of(field).shown(field, [one], setting, language), True) for one in sorted(archived)]
        return PrintedField(label, kind, points=[*points, *kept])
    file = told(value, setting) if kind in FILES else None
    return PrintedField(label, kind, text=shown_text(field, value, setting, language), file=file)


def _cell(column: FieldEntry, value: Any, setting: Setting, language: str) -> str:
    return "" if value is None else COLUMN_TYPES[column["type"]].shown(column, value, setting, language)
