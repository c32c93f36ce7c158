"""What leaves the house of a job sheet: its fields as the layout draws them, their values as programs send them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from carnet.customisation.queries import FieldEntry, key_of, label_in
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.lines import COLUMN_TYPES
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.queries import setting_of
from carnet.organisations.access import Access


def sheet_output(access: Access, sheet: JobSheet) -> dict[str, Any]:
    """Return the sheet, labels in the active language; a blank one has version 0 and no values."""
    language = get_language() or ""
    document = sheet.layout_version.document
    setting = setting_of(access, sheet.appointment)
    sections = []
    values: dict[str, Any] = {}
    for section in document["sections"]:
        fields = []
        for field in section["fields"]:
            key = key_of(field)
            if not access.may_read_field(JOB_SHEETS, key):
                continue
            fields.append(_field_output(field, key, language))
            if (sent := _sent(field, sheet.custom.get(key), setting)) is not None:
                values[key] = sent
        label = label_in(section.get("label") or {}, language)
        sections.append({"label": label, "shown_if": section.get("shown_if", ""), "fields": fields})
    return {
        "version": sheet.version,
        "layout": {"name": sheet.layout_version.layout.name, "version": sheet.layout_version.number},
        "saved_at": sheet.saved_at if sheet.pk else None,
        "saved_by": {"id": sheet.member.public_id, "name": sheet.member.name} if sheet.member else None,
        "sections": sections,
        "values": values,
    }


def _field_output(field: FieldEntry, key: str, language: str) -> dict[str, Any]:
    choices: list[Mapping[str, Any]] = field.get("choices") or []
    return {
        "field": key,
        "type": field["type"],
        "label": label_in(field["label"], language),
        "help": label_in(field.get("help") or {}, language),
        "required": bool(field.get("required")),
        "decimals": field.get("decimals", 0),
        **{name: field.get(name, "") for name in ("shown_if", "required_if", "rule", "currency")},
        "columns": [
            {
                "column": column["key"],
                "type": column["type"],
                "label": label_in(column["label"], language),
                "value": COLUMN_TYPES[column["type"]].schema(column),
            }
            for column in field.get("columns", ())
        ],
        "value": type_of(field).schema(field),
        "choices": [{"id": choice["id"], "label": label_in(choice["label"], language)} for choice in choices],
    }


def _sent(field: FieldEntry, value: Any, setting: Setting) -> Any:
    """Return a kept value as it is sent in, None for an empty one and for a record that the reader does not see."""
    return None if value is None else type_of(field).sent(field, value, setting)
