"""What a field can hold: one class for each type, which says how it is read, kept, written, sent, filtered and ruled.

Kept are text, whole numbers (a number with decimals is scaled), ISO dates, ISO instants in UTC, true, ids of choices
and of records: nothing that depends on a language, a zone or a label. A new type is a class, its line below, its
name in `Field.Type`, and its examples in `tests/customisation/test_types.py`, which tries all that are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from carnet.customisation.types.choices import Checklist, Choice, Choices
from carnet.customisation.types.contacts import Email, Phone, Url
from carnet.customisation.types.days import Day, Moment
from carnet.customisation.types.files import File, Picture, Signature
from carnet.customisation.types.lines import Lines
from carnet.customisation.types.lookups import LookUp
from carnet.customisation.types.meaning import FieldEntry, FieldType, NotAccepted, Setting
from carnet.customisation.types.numbers import Money, Number, Percent
from carnet.customisation.types.texts import Checkbox, Paragraph, Text
from carnet.customisation.types.totals import Total

#: By their key, in the order in which « Nouveaux champs » offers them.
TYPES: Final[Mapping[str, FieldType]] = {
    one.key: one
    for one in (
        Text(),
        Paragraph(),
        Number(),
        Money(),
        Percent(),
        Day(),
        Moment(),
        Checkbox(),
        Choice(),
        Choices(),
        Phone(),
        Email(),
        Url(),
        Picture(),
        File(),
        Signature(),
        LookUp("customer"),
        LookUp("service"),
        LookUp("member"),
        Checklist(),
        Lines(),
        Total(),
    )
}


def type_of(field: FieldEntry) -> FieldType:
    """Return the type of a layout's field."""
    return TYPES[field["type"]]


def text_of(field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
    """Return a kept value as import and export write it; reading it gives the same value again."""
    return "" if value is None else type_of(field).exported(field, value, setting, language)


__all__ = ["TYPES", "FieldEntry", "FieldType", "NotAccepted", "Setting", "text_of", "type_of"]
