"""The fields that an organisation added to a module, as what a profile may do with them is asked."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from carnet.customisation.lookups import known_of
from carnet.customisation.predefined import layout_names
from carnet.customisation.queries import Document, all_fields, current_layout, key_of, label_in
from carnet.customisation.values import Setting, shown_text
from carnet.organisations.access import Access
from carnet.organisations.fields import MoreFields, RecordField


def own_fields(module: str) -> MoreFields:
    """Return what tells the fields that the layouts of `module` have or had: a removed one keeps its values."""

    def added(access: Access) -> list[RecordField]:
        language = get_language() or ""
        found: dict[str, RecordField] = {}
        for name in layout_names(module):
            for field in all_fields(current_layout(access, module, name).document):
                if "id" in field:
                    found.setdefault(key_of(field), RecordField(key_of(field), label_in(field["label"], language)))
        return list(found.values())

    return added


def own_value_text(access: Access, module: str, key: str, value: Any) -> str:
    """Return a kept value of a field that an organisation added as people read it, also of a removed one."""
    for name in layout_names(module) if value is not None else ():
        for field in all_fields(current_layout(access, module, name).document):
            if "id" in field and key_of(field) == key:
                setting = Setting(access.organisation.zone, lookups=known_of(access))
                try:
                    return shown_text(field, value, setting, get_language() or "")
                except (ValueError, TypeError, ArithmeticError):
                    # Whatever the history holds, one line of it must not keep a page from being shown.
                    return str(value)
    return ""


def told_document(access: Access, module: str, document: Document) -> Document:
    """Return a layout without the fields that are hidden from the reader."""
    if not access.field_rights:
        return document
    return {
        **document,
        "sections": [
            {**section, "fields": [field for field in section["fields"] if _told(access, module, key_of(field))]}
            for section in document["sections"]
        ],
    }


def _told(access: Access, module: str, key: str) -> bool:
    try:
        return access.may_read_field(module, key)
    except LookupError:
        # What the layout names and no profile can take away, such as who is served.
        return True
