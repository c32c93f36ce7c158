"""The choices of a pick list and the columns of lines: each keeps its id for ever, and none is given twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from carnet.customisation.errors import LayoutRefused
from carnet.customisation.queries import FieldEntry
from carnet.customisation.types.choices import MOST_CHOICES
from carnet.customisation.types.lines import COLUMN_TYPES, MOST_COLUMNS
from carnet.customisation.wording import cleaned, label_problem


def with_choices(given: Mapping[str, Any], before: FieldEntry, highest: int) -> tuple[list[dict[str, Any]], int]:
    """Return the choices with their ids, and the highest id there is now.

    One without an id that is called like one that was there is that one; one that is left out is archived.
    """
    known = {choice["id"]: choice for choice in before.get("choices", ())}
    sent = given.get("choices") or []
    if not isinstance(sent, list) or not all(isinstance(choice, Mapping) for choice in sent):
        raise LayoutRefused(_("A pick list needs at least one choice."))
    if len(sent) > MOST_CHOICES:
        raise LayoutRefused(_("A pick list has at most %(limit)d choices.") % {"limit": MOST_CHOICES})
    called = {tuple(sorted(choice["label"].items())): one for one, choice in known.items()}
    choices: list[dict[str, Any]] = []
    taken: set[int] = set()
    for choice in sent:
        if problem := label_problem(choice.get("label")):
            raise LayoutRefused(problem)
        label = cleaned(choice["label"])
        one = choice.get("id")
        if one is None:
            one = called.get(tuple(sorted(label.items())))
            if one is None or one in taken:
                highest += 1
                one = highest
        elif type(one) is not int or one not in known:
            raise LayoutRefused(_("There is no such choice."))
        if one in taken:
            raise LayoutRefused(_("A choice stands in its list once."))
        taken.add(one)
        archived = choice.get("archived", False)
        colour = choice.get("colour", "")
        if not isinstance(archived, bool) or not isinstance(colour, str):
            raise LayoutRefused(_("There is no such colour."))
        made: dict[str, Any] = {"id": one, "label": label}
        choices.append(made | ({"colour": colour} if colour else {}) | ({"archived": True} if archived else {}))
    left_out = [{**choice, "archived": True} for one, choice in known.items() if one not in taken]
    if len(choices) + len(left_out) > MOST_CHOICES:
        raise LayoutRefused(_("A pick list has at most %(limit)d choices.") % {"limit": MOST_CHOICES})
    return choices + left_out, highest


def with_columns(
    given: Mapping[str, Any], before: FieldEntry, highest: int, currency: str
) -> tuple[list[dict[str, Any]], int]:
    """Return the columns of lines with their keys; those that are known stay of the type they were made."""
    known = {column["key"]: column for column in before.get("columns", ())}
    sent = given.get("columns") or []
    if not isinstance(sent, list) or not all(isinstance(column, Mapping) for column in sent):
        raise LayoutRefused(_("A list has 1 to %(limit)d columns.") % {"limit": MOST_COLUMNS})
    if len(sent) > MOST_COLUMNS:
        raise LayoutRefused(_("A list has 1 to %(limit)d columns.") % {"limit": MOST_COLUMNS})
    columns: list[dict[str, Any]] = []
    for column in sent:
        key, type_ = column.get("key"), column.get("type")
        kind = COLUMN_TYPES.get(type_) if isinstance(type_, str) else None
        if kind is None:
            raise LayoutRefused(_("There is no such type of field."))
        if problem := label_problem(column.get("label")):
            raise LayoutRefused(problem)
        if not isinstance(key, str | None) or (key in known and known[key]["type"] != type_):
            raise LayoutRefused(_("A field’s type never changes; add a new field instead."))
        if key not in known:
            # A draft may call its new columns c1, c2 … in the order that they will have.
            if key is not None and not re.fullmatch(rf"c{highest + 1}", key):
                raise LayoutRefused(_("There is no such field."))
            highest += 1
            key = f"c{highest}"
        if any(one["key"] == key for one in columns):
            raise LayoutRefused(_("A field stands in a layout once."))
        made: dict[str, Any] = {"key": key, "type": type_, "label": cleaned(column["label"])}
        if type_ == "choice":
            made["choices"], _highest = with_choices(column, known.get(key, {}), _most(known.get(key, {})))
        if type_ == "money":
            made |= {"decimals": get_currency_precision(currency), "currency": currency}
        elif type_ in ("number", "percent", "total"):
            made["decimals"] = column.get("decimals", 0)
        if type_ == "total":
            made["rule"] = column.get("rule", "")
        if key in known:
            made |= {name: known[key][name] for name in ("decimals", "currency") if name in known[key]}
        columns.append(made)
    return columns, highest


def _most(column: FieldEntry) -> int:
    # Choices of a column are archived and never taken out, so the highest that is there ever was the highest.
    return max((choice["id"] for choice in column.get("choices", ())), default=0)
