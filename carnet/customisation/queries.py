"""Reading modules and layouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from carnet.base.typed_text import fold
from carnet.customisation.lookups import known_of
from carnet.customisation.models import LayoutVersion, Module
from carnet.customisation.predefined import BUILT_IN, STANDARD, predefined
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.meaning import FieldEntry as FieldEntry
from carnet.customisation.wording import Label as Label
from carnet.customisation.wording import label_in as label_in
from carnet.organisations.access import Access

#: A layout version's document, as stored.
Document = Mapping[str, Any]


def modules_on(access: Access) -> dict[str, bool]:
    """Return each module's key and whether it is on; one never switched is off."""
    known = dict(Module.objects.filter(organisation=access.organisation).values_list("key", "on"))
    return {key: known.get(key, False) for key in Module.Key.values}


def newest_version(access: Access, module: str, name: str = "") -> LayoutVersion:
    """Return what the records of `module` are filled in with from now on; raises LayoutVersion.DoesNotExist.

    Without a `name` it is the module's first layout, whatever that is called.
    """
    versions = LayoutVersion.objects.filter(organisation=access.organisation, layout__module=module)
    if name:
        versions = versions.filter(layout__name=name)
    newest = versions.select_related("layout").order_by("layout_id", "-number").first()
    if newest is None:
        raise LayoutVersion.DoesNotExist(f"{module} has no layout")
    return newest


def editable(field: FieldEntry, setting: Setting) -> dict[str, Any]:
    """Return a field as an editor takes and sends it."""
    found = dict(field)
    if field["type"] != BUILT_IN:
        for name in ("minimum", "maximum", "default"):
            if field.get(name) is not None:
                found[name] = type_of(field).sent(field, field[name], setting)
    return found


def fields_of(document: Document) -> Iterator[FieldEntry]:
    """Yield the fields of a layout version, in the order in which they are shown."""
    for section in document["sections"]:
        yield from section["fields"]


def all_fields(document: Document) -> Iterator[Any]:
    """Yield the fields of a layout version, those in the tray of removed ones last."""
    yield from fields_of(document)
    yield from document.get("removed", ())


def draft_of(access: Access, document: Document) -> dict[str, Any]:
    """Return a document as an editor takes and sends it: limits and defaults as programs write values."""
    setting = Setting(access.organisation.zone)
    return {
        "sections": [
            {**section, "fields": [editable(field, setting) for field in section["fields"]]}
            for section in document["sections"]
        ],
        "removed": [editable(field, setting) for field in document.get("removed", ())],
    }


@dataclass(frozen=True)
class Current:
    """The layout that records are written with now: `number` 0 and no version is the predefined one."""

    number: int
    document: Document
    version: LayoutVersion | None = None


def current_layout(access: Access, module: str, name: str = STANDARD) -> Current:
    """Return the newest version of a layout: one statement, none where the organisation never saved one."""
    pk = access.organisation.layouts.get(f"{module}/{name}")
    if pk is None:
        return Current(0, predefined(module, name))
    # A version never changes, so whoever has read it once with this organisation has it.
    read: dict[int, LayoutVersion] = vars(access.organisation).setdefault("_layouts_read", {})
    if pk not in read:
        read[pk] = LayoutVersion.objects.get(pk=pk)
    return Current(read[pk].number, read[pk].document, read[pk])


def custom_output(access: Access, module: str, custom: Mapping[str, Any], name: str = STANDARD) -> dict[str, Any]:
    """Return the values of a record as programs are told them: those of fields that its layout has now."""
    if not custom:
        return {}
    setting = Setting(access.organisation.zone, lookups=known_of(access))
    found = {}
    for field in fields_of(current_layout(access, module, name).document):
        value = custom.get(key_of(field))
        if "id" in field and value is not None and access.may_read_field(module, key_of(field)):
            sent = type_of(field).sent(field, value, setting)
            if sent is not None:
                found[key_of(field)] = sent
    return found


def searched_texts(access: Access, module: str, custom: Mapping[str, Any]) -> list[str]:
    """Return what the lookup finds a record by besides its own columns: as typed, folded, and without any gaps."""
    if not custom:
        return []
    found: list[str] = []
    for field in fields_of(current_layout(access, module).document):
        if field.get("searched") and (value := custom.get(key_of(field))):
            folded = fold(str(value))
            found += list(
                dict.fromkeys([folded, folded.replace(" ", ""), *map(str, type_of(field).indexed(field, value))])
            )
    return [text for text in found if text]


def key_of(field: FieldEntry) -> str:
    """Return the key of the field: in `custom` "f<id>" (a bare number would be read as an array index).

    A field that the product itself keeps, in a column of its own, has no id: it is called by its name.
    """
    return f"f{field['id']}" if "id" in field else str(field["key"])
