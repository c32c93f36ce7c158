"""The properties of a field: what may be said of it, checked by one function with a sentence beside each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.customisation.predefined import PLACES, SHOWN
from carnet.customisation.types import TYPES, FieldEntry, FieldType, NotAccepted, Setting
from carnet.customisation.types.numbers import Number
from carnet.customisation.wording import LONGEST_HELP, cleaned, label_in, label_problem

#: What every field has, and what those have that an organisation added.
_ALWAYS: Final = ("label", "help", "required", "default", "placeholder", "shows")
_ADDED: Final = ("unique", "searched", "shown_if", "required_if")
#: What tells which field is meant, and is not a property that could be changed.
_IDENTITY: Final = ("id", "key", "type", "name", "locked", "read_only", "decimals", "currency")
#: Where what fields look up and hold in lists is no default.
_NO_DEFAULT: Final = ("customer", "service", "member", "image", "file", "signature", "lines", "checklist", "total")
#: Where several records are told apart by a field.
_RECORDS: Final = ("services", "customers")

Errors = dict[str, str]


def checked_properties(
    given: Mapping[str, Any], identity: Mapping[str, Any], setting: Setting, module: str
) -> tuple[dict[str, Any], Errors]:
    """Return a field's entry for the document, and what is wrong with each property.

    `identity` is what never changes: id or key, type, decimals, currency, whether it is locked.
    """
    errors: Errors = {}
    kind = TYPES.get(identity["type"])
    known = {*_ALWAYS, *_IDENTITY, *(_ADDED if kind else ()), *(kind.properties if kind else ())}
    for name in given:
        if name not in known:
            errors[str(name)[:40]] = _("This field has no such property.")
    entry: dict[str, Any] = dict(identity)
    _words(given, entry, errors)
    for name in ("required", "unique", "searched"):
        value = given.get(name, False)
        if not isinstance(value, bool):
            errors[name] = _("This is either ticked or not.")
        elif value or name == "required":
            entry[name] = value
    shows = given.get("shows", list(SHOWN))
    if not isinstance(shows, list) or any(place not in PLACES for place in shows):
        errors["shows"] = _(
            "A field shows in the form, on the page, in the list, on the card, on the phone, in letters."
        )
    else:
        entry["shows"] = [place for place in PLACES if place in shows]
    if kind is None:
        _built_in(given, entry, errors)
    else:
        _of_type(given, entry, errors, kind, setting, module)
    return entry, errors


def _words(given: Mapping[str, Any], entry: dict[str, Any], errors: Errors) -> None:
    for name in ("label", "help", "placeholder"):
        words = given.get(name) or {}
        longest = LONGEST_HELP if name == "help" else 120
        if problem := label_problem(words, longest=longest, required=name == "label"):
            errors[name] = problem
        elif any(words.values()) or name != "placeholder":
            entry[name] = cleaned(words)


def _built_in(given: Mapping[str, Any], entry: dict[str, Any], errors: Errors) -> None:
    if entry.get("locked") and not entry["required"]:
        errors["required"] = locked_sentence(entry)
    if entry.get("read_only") and entry["required"]:
        errors["required"] = _("This field is worked out and never typed, so it cannot be required.")
    default = given.get("default")
    if default is None or default == "":
        return
    if not isinstance(default, str | int | bool) or len(str(default)) > 250:
        errors["default"] = _("This default cannot be used.")
    else:
        entry["default"] = default


def _of_type(
    given: Mapping[str, Any], entry: dict[str, Any], errors: Errors, kind: FieldType, setting: Setting, module: str
) -> None:
    if kind.for_sheets and module != "job_sheets":
        errors["type"] = _("Only job sheets have fields of this type.")
    for name in ("choices", "columns", "rule", "shown_if", "required_if"):
        value = given.get(name)
        if value in (None, "", []):
            continue
        if name not in ("choices", "columns") and not isinstance(value, str):
            errors[name] = _("This must be text.")
        else:
            entry[name] = value
    for name in ("minimum", "maximum"):
        if name in kind.properties and given.get(name) not in (None, ""):
            try:
                entry[name] = _bound(kind, entry, given[name], setting)
            except NotAccepted as refused:
                errors[name] = str(refused)
    for name, problem in kind.problems(entry):
        errors.setdefault(name, problem)
    if entry.get("unique") and not (kind.may_be_unique and module in _RECORDS):
        errors["unique"] = _("Values of a field of this type may repeat.")
    if entry.get("searched") and not (kind.searchable and module == "customers"):
        errors["searched"] = _("The search of customers does not look into fields of this type.")
    if "type" not in errors and not errors:
        _default(given, entry, errors, kind, setting)


def _default(
    given: Mapping[str, Any], entry: dict[str, Any], errors: Errors, kind: FieldType, setting: Setting
) -> None:
    default = given.get("default")
    if default in (None, "", []):
        return
    if entry["type"] in _NO_DEFAULT or entry.get("unique"):
        errors["default"] = _("This default cannot be used.")
        return
    try:
        entry["default"] = kind.read(entry, default, setting)
    except NotAccepted as refused:
        errors["default"] = str(refused)


def _bound(kind: FieldType, entry: FieldEntry, given: Any, setting: Setting) -> Any:
    free = {name: value for name, value in entry.items() if name not in ("minimum", "maximum")}
    return kind.scaled(free, given) if isinstance(kind, Number) else kind.read(free, given, setting)


def locked_sentence(entry: FieldEntry) -> str:
    """Return why a field cannot be removed or made optional."""
    return _("“%(field)s” stays and is always required: nothing works without it.") % {
        "field": label_in(entry["label"], get_language() or "")
    }
