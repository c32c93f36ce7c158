"""What leaves the house of a job sheet: its fields as the layout draws them, their values as programs send them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from carnet.customisation.queries import FieldEntry, key_of, label_in
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.organisations.access import Access


def sheet_output(access: Access, sheet: JobSheet) -> dict[str, Any]:
    """Return the sheet, labels in the active language; a blank one has version 0 and no values."""
    language = get_language() or ""
    document = sheet.layout_version.document
    sections = []
    values: dict[str, Any] = {}
    for section in document["sections"]:
        fields = []
        for field in section["fields"]:
            key = key_of(field)
            if not access.may_read_field(JOB_SHEETS, key):
                continue
            fields.append(_field_output(field, key, language))
            if key in sheet.custom:
                values[key] = _sent_value(field, sheet.custom[key])
        sections.append({"label": label_in(section.get("label") or {}, language), "fields": fields})
    return {
        "version": sheet.version,
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
        "choices": [{"id": choice["id"], "label": label_in(choice["label"], language)} for choice in choices],
    }


def _sent_value(field: FieldEntry, value: Any) -> Any:
    """Return a stored value as it is sent in: a number with its decimals, everything else as it is kept."""
    if field["type"] == "number" and field.get("decimals"):
        return float(Decimal(value).scaleb(-field["decimals"]))
    return value
