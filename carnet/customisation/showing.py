"""Own fields as they are read: on the page of a record, in a list, on the calendar's card, on the phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import get_language

from carnet.customisation.conditions import Conditions
from carnet.customisation.lookups import known_of
from carnet.customisation.predefined import SHOWN, STANDARD
from carnet.customisation.queries import Document, FieldEntry, current_layout, fields_of, key_of, label_in
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.files import FILES, told
from carnet.customisation.types.lookups import LookUp
from carnet.customisation.types.meaning import FileTold
from carnet.customisation.values import shown_text
from carnet.organisations.access import Access

#: As much of a value stands in a letter.
LONGEST_TOLD: Final = 300


@dataclass(frozen=True, slots=True)
class Told:
    """A field with its value in words."""

    key: str
    label: str
    text: str
    type: str
    #: Of a pick list: the colour by name, "" for none.
    colour: str = ""
    #: Of a picture, a file, a signature.
    file: FileTold | None = None

    @property
    def address(self) -> str:
        """Return where a press on it leads, "" for nowhere."""
        plain = self.text.replace(" ", "")
        return {"phone": f"tel:{plain}", "email": f"mailto:{plain}", "url": self.text}.get(self.type, "")


def shown_fields(access: Access, module: str, place: str, *, layout: str = STANDARD) -> Sequence[FieldEntry]:
    """Return the own fields that the reader may see in `place`: "page", "list", "card" or "phone"."""
    return [
        field
        for field in fields_of(current_layout(access, module, layout).document)
        if "id" in field and place in field.get("shows", SHOWN) and access.may_read_field(module, key_of(field))
    ]


def told_fields(
    access: Access,
    module: str,
    custom: Mapping[str, Any],
    place: str,
    *,
    layout: str = STANDARD,
    zone: str = "",
) -> list[Told]:
    """Return what a record holds in its own fields and shows in `place`, in the layout's order; nothing of empty ones.

    What is asked only on a condition that does not hold is not told. Moments are read in `zone`, else the business's.
    """
    if not custom:
        return []
    fields = shown_fields(access, module, place, layout=layout)
    if not fields:
        return []
    return _told(access, current_layout(access, module, layout).document, fields, custom, zone)


def letter_fields(access: Access, module: str, custom: Mapping[str, Any], layout: str, zone: str) -> list[list[str]]:
    """Return label and value of what a record holds in fields that say they are told to customers, in plain types.

    In the active language. What the customer is told does not depend on what the profile of whoever books may see.
    """
    if not custom:
        return []
    document = current_layout(access, module, layout).document
    fields = [field for field in fields_of(document) if "id" in field and "letter" in field.get("shows", ())]
    return [[one.label, one.text[:LONGEST_TOLD]] for one in _told(access, document, fields, custom, zone)]


def learn_looked_up(
    access: Access, module: str, records: Sequence[Mapping[str, Any]], place: str, *, layout: str = STANDARD
) -> None:
    """Read together what the values of many records look up, before they are told one by one."""
    if any(records):
        learn(access, shown_fields(access, module, place, layout=layout), records)


def learn(access: Access, fields: Sequence[FieldEntry], records: Sequence[Mapping[str, Any]]) -> None:
    """Read together what the values of many records look up in these fields."""
    for field in fields:
        if isinstance(type_of(field), LookUp):
            key = key_of(field)
            known_of(access).learn(field["type"], [custom[key] for custom in records if key in custom])
        elif field["type"] in FILES:
            known_of(access).learn_files([custom[key] for custom in records if (key := key_of(field)) in custom])


def _colour(field: FieldEntry, value: Any) -> str:
    if field["type"] != "choice":
        return ""
    return next((one.get("colour", "") for one in field.get("choices", ()) if one["id"] == value), "")


def _told(
    access: Access, document: Document, fields: Sequence[FieldEntry], custom: Mapping[str, Any], zone: str
) -> list[Told]:
    if not fields:
        return []
    language = get_language() or ""
    setting = Setting(zone or access.organisation.zone, lookups=known_of(access))
    asked = Conditions(document, custom).shown
    found = []
    for field in fields:
        key = key_of(field)
        if key in asked and (text := shown_text(field, custom.get(key), setting, language)):
            file = told(custom[key], setting) if field["type"] in FILES else None
            label = label_in(field["label"], language)
            found.append(Told(key, label, text, field["type"], _colour(field, custom[key]), file))
    return found
