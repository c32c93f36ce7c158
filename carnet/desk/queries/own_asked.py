"""What an address asks of the organisation's own fields: the filters of a list, and the field that puts it in order.

`own=f12:3,f14:yes,f15>20` asks for records whose choice in f12 is the third, whose box f14 is ticked and whose f15 is
above 20; `sort=f13` puts them in the order of f13, `sort=-f13` the other way round. What names a field that the reader
does not see asks nothing.
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
_CONDITION: Final = re.compile(r"(f\d{1,18})([:<>])([^,:<>]{1,40})", re.ASCII)
#: How what is typed is compared: as a filter's name ends, and as a condition is written.
COMPARED: Final = {"more": ">", "less": "<"}
_WAYS: Final = {sign: way for way, sign in COMPARED.items()}
_SORT: Final = re.compile(r"(-?)(f\d{1,18})", re.ASCII)


#: A field with how it is compared -> with what.
Conditions = dict[tuple[str, str], str]


def own_given(parameters: Mapping[str, Any]) -> str:
    """Return what the parameters ask of own fields in one form; a filter that was sent empty asks nothing."""
    several = parameters.getlist("own") if hasattr(parameters, "getlist") else [parameters.get("own") or ""]
    typed = [
        # A comma parts conditions; in a number it is as good as a point.
        f"{key}{COMPARED[way]}{str(value)[:40].strip().replace(',', '.')}"
        for name, value in parameters.items()
        for key, _dash, way in [str(name).partition("-")]
        if way in COMPARED
    ]
    return _written(conditions_of(",".join([*(str(one)[:2000] for one in several[:50]), *typed])))


def own_sort_given(text: str) -> str:
    return text if _SORT.fullmatch(text) else ""


def conditions_of(own: str) -> Conditions:
    found = (_CONDITION.fullmatch(one) for one in own.split(","))
    return {(one[1], one[2]): one[3] for one in found if one}


def _written(conditions: Conditions) -> str:
    return ",".join(f"{key}{sign}{value}" for (key, sign), value in conditions.items())


def without(own: str, key: str, sign: str) -> str:
    """Return the same without one of the conditions."""
    return _written({one: value for one, value in conditions_of(own).items() if one != (key, sign)})


def listed_fields(access: Access, module: str) -> dict[str, FieldEntry]:
    """Return the own fields that stand in the lists of a module and can be found by, as far as the reader sees them."""
    return {key: field for key, field in findable_fields(access, module).items() if "list" in field.get("shows", ())}


def seen_of(fields: Mapping[str, FieldEntry], own: str) -> str:
    """Return what is asked of those of `fields` that have a filter, by a value that it can ask for."""
    return _written(
        {
            (key, sign): value
            for (key, sign), value in conditions_of(own).items()
            if key in fields and (is_ranged(fields[key]) if sign != ":" else value in dict(choices_of(fields[key])))
        }
    )


def is_ranged(field: FieldEntry) -> bool:
    """Return whether a list is narrowed to what is above or below a typed value."""
    return "more" in type_of(field).operators


def range_words(field: FieldEntry, label: str) -> dict[str, str]:
    """Return what the two filters of a ranged field are called, by how they compare."""
    said = {"field": label}
    if field["type"] in ("date", "moment"):
        return {"more": _("%(field)s after") % said, "less": _("%(field)s before") % said}
    return {"more": _("%(field)s above") % said, "less": _("%(field)s below") % said}


def range_hint(field: FieldEntry) -> str:
    return _("dd/mm/yyyy") if field["type"] in ("date", "moment") else ""


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


def own_filters(fields: Mapping[str, FieldEntry], own: str) -> list[dict[str, Any]]:
    """Return the filters of own fields as a list draws them: drop-downs, and lines to type into."""
    asked, language = conditions_of(own), get_language() or ""
    found: list[dict[str, Any]] = []
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
                    "value": f"{key}:{asked[key, ':']}" if (key, ":") in asked else "",
                }
            )
        elif is_ranged(field):
            found += [
                {
                    "name": f"{key}-{way}",
                    "id": f"{key}-{way}",
                    "label": words,
                    "typed": True,
                    "hint": range_hint(field),
                    "value": asked.get((key, COMPARED[way]), ""),
                }
                for way, words in range_words(field, label).items()
            ]
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
    found = []
    for (key, sign), value in conditions_of(own).items():
        label = label_in(fields[key]["label"], language)
        if sign == ":":
            value = dict(choices_of(fields[key]))[value]
        else:
            label = range_words(fields[key], label)[_WAYS[sign]]
        found.append((label, value, without(own, key, sign)))
    return found


def narrowed(
    queryset: QuerySet[RecordT], access: Access, module: str, fields: Mapping[str, FieldEntry], own: str
) -> QuerySet[RecordT]:
    """Return those of `queryset` for which all holds that `own` asks of `fields`."""
    for (key, sign), value in conditions_of(own).items():
        field = fields[key]
        if sign == ":" and value in (YES, NO):
            queryset = filtered(queryset, access, module, field, "filled" if value == YES else "empty")
        else:
            operator = _CHOSEN[field["type"]] if sign == ":" else _WAYS[sign]
            try:
                queryset = filtered(queryset, access, module, field, operator, value)
            except Invalid:
                # Nothing is above what is no number.
                return queryset.none()
    return queryset
