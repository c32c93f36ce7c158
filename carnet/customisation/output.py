"""What leaves the house of a layout."""

from __future__ import annotations

from typing import Any

from carnet.customisation.predefined import BUILT_IN, SHOWN
from carnet.customisation.queries import Document, FieldEntry, key_of
from carnet.customisation.types import type_of
from carnet.customisation.types.choices import open_choices
from carnet.customisation.types.lines import COLUMN_TYPES


def layout_output(document: Document) -> list[dict[str, Any]]:
    """Return the sections of a layout version, its labels in all languages."""
    return [
        {
            "label": dict(section["label"]),
            "columns": section.get("columns", 1),
            "shown_if": section.get("shown_if", ""),
            "fields": [_field_output(field) for field in section["fields"]],
        }
        for section in document["sections"]
    ]


def _field_output(field: FieldEntry) -> dict[str, Any]:
    return {
        "field": key_of(field),
        "type": field["type"],
        "label": dict(field["label"]),
        "help": dict(field.get("help") or {}),
        "placeholder": dict(field.get("placeholder") or {}),
        "required": bool(field.get("required")),
        "shows": list(field.get("shows", SHOWN)),
        "shown_if": field.get("shown_if", ""),
        "required_if": field.get("required_if", ""),
        "rule": field.get("rule", ""),
        "choices": [
            {"id": choice["id"], "label": dict(choice["label"]), "colour": choice.get("colour", "")}
            for choice in open_choices(field)
        ],
        "columns": [
            {
                "column": column["key"],
                "type": column["type"],
                "label": dict(column["label"]),
                "value": COLUMN_TYPES[column["type"]].schema(column),
            }
            for column in field.get("columns", ())
        ],
        "value": {} if field["type"] == BUILT_IN else type_of(field).schema(field),
    }
