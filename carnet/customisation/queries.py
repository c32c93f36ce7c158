"""Reading modules and layouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from carnet.customisation.models import LayoutVersion, Module
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


def newest_version(access: Access, module: str) -> LayoutVersion:
    """Return what the records of `module` are filled in with from now on; raises LayoutVersion.DoesNotExist."""
    versions = LayoutVersion.objects.filter(organisation=access.organisation, layout__module=module)
    newest = versions.order_by("layout_id", "-number").first()
    if newest is None:
        raise LayoutVersion.DoesNotExist(f"{module} has no layout")
    return newest


def fields_of(document: Document) -> Iterator[FieldEntry]:
    """Yield the fields of a layout version, in the order in which they are shown."""
    for section in document["sections"]:
        yield from section["fields"]


def key_of(field: FieldEntry) -> str:
    """Return the key of the field: in `custom` "f<id>" (a bare number would be read as an array index).

    A field that the product itself keeps, in a column of its own, has no id: it is called by its name.
    """
    return f"f{field['id']}" if "id" in field else str(field["key"])
