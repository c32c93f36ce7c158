"""What an address asks of the organisation's own fields: drop-downs of a list, and the field that puts it in order.

`own=f12:3,f14:yes` asks for records whose choice in f12 is the third, and whose box f14 is ticked; `sort=f13` puts them
in the order of f13, `sort=-f13` the other way round. What names a field that the reader does not see asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.customisation.finding import filtered, findable_fields
from carnet.customisation.queries import FieldEntry, label_in
from carnet.customisation.types import type_of
from carnet.customisation.types.files import FILES
from carnet.organisations.access import Access

RecordT = TypeVar("RecordT", bound=Model)

YES, NO = "yes", "no"
#: How a drop-down of this type asks.
_CHOSEN: Final = {"choice": "is", "choices": "contains"}
_PAIR: Final = re.compile(r"(f\d{1,18}):(\d{1,18}|yes|no)", re.ASCII)
_SORT: Final = re.compile(r"(-?)(f\d{1,18})", re.ASCII)


def own_given(parameters: Mapping[str, Any]) -> str:
    """Return what the parameters ask of own fields in one form; a drop-down that was sent empty asks nothing."""
    several = parameters.getlist("own") if hasattr(parameters, "getlist") else [parameters.get("own") or ""]
    pairs = dict(_PAIR.findall(",".join(str(one)[:2000] for one in several[:50])))
    return ",".join(f"{key}:{value}" for key, value in pairs.items())


def own_sort_given(text: str) -> str:
    return text if _SORT.fullmatch(text) else ""


def pairs_of(own: str) -> dict[str, str]:
    return dict(_PAIR.findall(own))


def without(own: str, key: str) -> str:
    """Return the same without what is asked of one field."""
    return ",".join(f"{one}:{value}" for one, value in pairs_of(own).items() if one != key)


def listed_fields(access: Access, module: str) -> dict[str, FieldEntry]:
    """Return the own fields that stand in the lists of a module and can be found by, as far as the reader sees them."""
    return {key: field for key, field in findable_fields(access, module).items() if "list" in field.get("shows", ())}


def seen_of(fields: Mapping[str, FieldEntry], own: str) -> str:
    """Return what is asked of those of `fields` that have a drop-down, by a value that stands in it."""
    return ",".join(
        f"{key}:{value}"
        for key, value in pairs_of(own).items()
        if key in fields and value in dict(choices_of(fields[key]))
    )


def sorting_of(fields: Mapping[str, FieldEntry], sort: str) -> tuple[FieldEntry, bool] | None:
    """Return the field that a list is put in the order of, and whether from the end; None for none of `fields`."""
    found = _SORT.fullmatch(sort)
    field = fields.get(found[2]) if found else None
    if found is None or field is None or not type_of(field).sortable:
        return None
    return field, found[1] == "-"


def choices_of(field: FieldEntry) -> list[tuple[str, str]]:
    """Return what a drop-down offers of a field, nothing for one that has none."""
    if field["type"] == "checkbox":
        return [(YES, _("Yes")), (NO, _("No"))]
    if field["type"] in FILES:
        return [(YES, _("There")), (NO, _("Missing"))]
    if field["type"] in _CHOSEN:
        language = get_language() or ""
        return [(str(choice["id"]), label_in(choice["label"], language)) for choice in field["choices"]]
    return []


def drop_downs(fields: Mapping[str, FieldEntry], own: str) -> list[dict[str, Any]]:
    """Return the drop-downs of own fields as a list's filters draw them."""
    asked, language = pairs_of(own), get_language() or ""
    found = []
    for key, field in fields.items():
        label = label_in(field["label"], language)
        if choices := choices_of(field):
            found.append(
                {
                    "name": "own",
                    "id": key,
                    "label": label,
                    "all": _("%(field)s: all") % {"field": label},
                    "choices": [(f"{key}:{value}", _said(field, label, text)) for value, text in choices],
                    "value": f"{key}:{asked[key]}" if key in asked else "",
                }
            )
    return found


def _said(field: FieldEntry, label: str, text: str) -> str:
    # Yes and no say nothing by themselves.
    alone = field["type"] != "checkbox" and field["type"] not in FILES
    return text if alone else _("%(field)s: %(value)s") % {"field": label, "value": text}


def sorts_of(fields: Mapping[str, FieldEntry]) -> dict[str, str]:
    """Return the orders that own fields give, with their words."""
    language = get_language() or ""
    return {
        key: _("By “%(field)s”") % {"field": label_in(field["label"], language)}
        for key, field in fields.items()
        if type_of(field).sortable
    }


def asked_in_words(fields: Mapping[str, FieldEntry], own: str) -> list[tuple[str, str, str]]:
    """Return each condition: its field, what is asked of it in words, and what is asked without it."""
    language = get_language() or ""
    return [
        (label_in(fields[key]["label"], language), dict(choices_of(fields[key]))[value], without(own, key))
        for key, value in pairs_of(own).items()
    ]


def narrowed(
    queryset: QuerySet[RecordT], access: Access, module: str, fields: Mapping[str, FieldEntry], own: str
) -> QuerySet[RecordT]:
    """Return those of `queryset` for which all holds that `own` asks of `fields`."""
    for key, value in pairs_of(own).items():
        field = fields[key]
        if value in (YES, NO):
            queryset = filtered(queryset, access, module, field, "filled" if value == YES else "empty")
        else:
            try:
                queryset = filtered(queryset, access, module, field, _CHOSEN[field["type"]], value)
            except Invalid:
                return queryset.none()
    return queryset
