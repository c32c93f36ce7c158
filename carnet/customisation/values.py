"""Values of the fields that a layout describes: checked on the way in, written for people on the way out.

What each type of field takes and keeps is told in `carnet.customisation.types`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from carnet.customisation.conditions import Conditions
from carnet.customisation.models import Field
from carnet.customisation.queries import Document, FieldEntry, fields_of, key_of, label_in
from carnet.customisation.types import NotAccepted, type_of
from carnet.customisation.types.days import moment_value as moment_value
from carnet.customisation.types.meaning import NOWHERE
from carnet.customisation.types.meaning import Setting as Setting
from carnet.customisation.types.texts import Paragraph, Text

LONGEST: Final = {Field.Type.TEXT: Text.longest, Field.Type.PARAGRAPH: Paragraph.longest}


@dataclass(frozen=True)
class Checked:
    """Values as they are kept, what is wrong with the others, and which required fields are empty.

    `after` is all that the record holds then: what it held, what was given, and the totals of both.
    """

    clean: dict[str, Any]
    errors: dict[str, str]
    missing_required: tuple[FieldEntry, ...] = ()
    after: dict[str, Any] = field(default_factory=dict)

    def missing_labels(self, language: str) -> list[str]:
        return [label_in(field["label"], language) for field in self.missing_required]


def validated(
    document: Document,
    values: Mapping[str, Any],
    *,
    setting: Setting = NOWHERE,
    before: Mapping[str, Any] | None = None,
) -> Checked:
    """Check `values` ("f<id>" -> as typed, or as the API gives them) against a layout version.

    Empty values are left out of `clean`. A key that the layout does not know is an error: nothing is dropped
    silently. What a record held `before` may be given back unchanged, whatever the field takes today; what it holds
    in fields that the layout does not have stays. Sentences are in the active language.
    """
    before = before or {}
    fields = custom_fields(document)
    clean: dict[str, Any] = {}
    errors = {str(key)[:40]: _("This field is not part of the layout.") for key in values if key not in fields}
    for key, given in values.items():
        if key not in fields:
            continue
        try:
            value = read_value(fields[key], given, setting, before.get(key))
        except NotAccepted as refused:
            errors[key] = str(refused)
            continue
        if value is not None:
            clean[key] = value
    after = {key: value for key, value in before.items() if key not in values or key in errors} | clean
    conditions = Conditions(document, after)
    errors |= conditions.errors
    for key in clean:
        if key not in conditions.shown and key not in errors and clean[key] != before.get(key):
            errors[key] = _("This is not asked here; leave it empty.")
    missing = tuple(one for one in conditions.awaited() if key_of(one) not in errors)
    return Checked(clean, errors, missing, conditions.values)


def read_value(field: FieldEntry, given: Any, setting: Setting, before: Any = None) -> Any:
    """Return one value in the form that is kept; raises NotAccepted."""
    kind = type_of(field)
    try:
        return kind.read(field, given, setting)
    except NotAccepted:
        # What stands there already may stay: a choice archived since, a number outside of newer limits, a total.
        if before is None:
            raise
        if given in (kind.sent(field, before, setting), kind.typed(field, before, setting)):
            return before
        raise


def missing_required(document: Document, stored: Mapping[str, Any]) -> tuple[FieldEntry, ...]:
    """Return the required fields for which `stored` holds nothing, as far as they are asked at all."""
    return tuple(Conditions(document, stored).awaited())


def custom_fields(document: Document) -> dict[str, FieldEntry]:
    """Return the fields whose values lie in `custom`, by key."""
    return {key_of(field): field for field in fields_of(document) if "id" in field}


def typed_text(field: FieldEntry, value: Any, setting: Setting) -> str:
    """Return a stored value as a person would type it, so that reading it gives the same value again."""
    return "" if value is None else type_of(field).typed(field, value, setting)


def shown_text(field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
    """Return a stored value as it is read: labels of choices, dates in words, numbers grouped."""
    return "" if value is None else type_of(field).shown(field, value, setting, language)
