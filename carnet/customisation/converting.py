"""From a field to a new one of another type: which types make sense from it, and what becomes of a value.

A type never changes. What converts is read as if somebody had typed it into the new field; what does not is refused
with the sentence that they would have read, and stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from babel.numbers import get_currency_precision, get_currency_symbol
from django.utils.translation import gettext as _

from carnet.base.typed_text import clean
from carnet.customisation.queries import FieldEntry
from carnet.customisation.types import TYPES, NotAccepted, Setting, type_of
from carnet.customisation.types.choices import MOST_CHOICES, open_choices
from carnet.customisation.types.numbers import MOST_DECIMALS, decimals_of
from carnet.customisation.wording import LONGEST_LABEL
from carnet.organisations.access import Access

_TEXTS: Final = ("text", "paragraph")
_NUMBERS: Final = ("number", "money", "percent")
_LISTS: Final = ("choice", "choices")
_CONTACTS: Final = ("phone", "email", "url")
#: Type -> the types that its values can be read as.
TARGETS: Final[Mapping[str, Sequence[str]]] = {
    "text": ("paragraph", *_NUMBERS, "date", "moment", "checkbox", *_LISTS, *_CONTACTS),
    "paragraph": ("text", *_NUMBERS, "date", "moment", "checkbox", *_LISTS, *_CONTACTS),
    **dict.fromkeys(_CONTACTS, _TEXTS),
    # A number may become one of another precision; an amount keeps its currency.
    **dict.fromkeys(_NUMBERS, (*_TEXTS, "number", "percent")),
    "number": (*_TEXTS, *_NUMBERS),
    "date": _TEXTS,
    "moment": _TEXTS,
    "checkbox": _TEXTS,
    "choice": (*_TEXTS, "choices"),
    "choices": (*_TEXTS, "choice"),
}
#: As many choices are proposed from what was typed, the most frequent first.
MOST_PROPOSED: Final = 100
_YES: Final = frozenset({"yes", "oui", "true", "vrai", "on", "1", "x", "✓"})
_NO: Final = frozenset({"no", "non", "false", "faux", "off", "0"})
_SEPARATORS: Final = str.maketrans(dict.fromkeys(",\n", ";"))


@dataclass(frozen=True)
class Wanted:
    """The new field: its type, the decimals of a number, and of a list made from text its choices."""

    type: str
    decimals: int = 0
    choices: tuple[str, ...] = ()


def targets_of(field: FieldEntry) -> Sequence[str]:
    """Return the types that make sense from a field; none from what looks up or holds several things."""
    return TARGETS.get(field["type"], ()) if "id" in field else ()


def makes_choices(field: FieldEntry, type_: str) -> bool:
    """Return whether the choices of the new list are made from what was typed."""
    return type_ in _LISTS and field["type"] not in _LISTS


def new_field(access: Access, field: FieldEntry, wanted: Wanted) -> dict[str, Any]:
    """Return the new field as a draft has it: where it stands, asks and shows as the old one does.

    Raises NotAccepted for what makes no sense from it.
    """
    if wanted.type not in targets_of(field):
        raise NotAccepted(_("This field cannot be converted into that type."))
    kind = TYPES[wanted.type]
    carried = ("label", "help", "required", "shows", "shown_if", "required_if")
    drafted: dict[str, Any] = {"type": wanted.type} | {name: field[name] for name in carried if name in field}
    if "placeholder" in kind.properties and "placeholder" in field:
        drafted["placeholder"] = field["placeholder"]
    if kind.searchable and field.get("searched"):
        drafted["searched"] = True
    if "decimals" in kind.properties:
        if not 0 <= wanted.decimals <= MOST_DECIMALS:
            raise NotAccepted(_("A number keeps up to six decimals."))
        drafted["decimals"] = wanted.decimals
    if wanted.type in _LISTS:
        drafted["choices"] = _choices_for(access, field, wanted)
    entry = as_made(access, drafted)
    setting = Setting(access.organisation.zone)
    try:
        default = converted(field, entry, field["default"], setting, access.organisation.language)
    except (KeyError, NotAccepted):
        return drafted
    return drafted | ({"default": kind.sent(entry, default, setting)} if default is not None else {})


def as_made(access: Access, drafted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a new field as it will be once it is saved, but for its id."""
    entry = dict(drafted)
    if "choices" in entry:
        entry["choices"] = [{**choice, "id": at} for at, choice in enumerate(entry["choices"], 1)]
    if entry["type"] == "money":
        currency = access.organisation.currency
        entry |= {"currency": currency, "decimals": get_currency_precision(currency)}
    return entry


def _choices_for(access: Access, field: FieldEntry, wanted: Wanted) -> list[dict[str, Any]]:
    if not makes_choices(field, wanted.type):
        return [{name: value for name, value in choice.items() if name != "id"} for choice in field["choices"]]
    labels = {same_as(label): label for label in reversed(wanted.choices) if same_as(label)}
    if not labels:
        raise NotAccepted(_("A pick list needs at least one choice."))
    if len(labels) > MOST_CHOICES:
        raise NotAccepted(_("A pick list has at most %(limit)d choices.") % {"limit": MOST_CHOICES})
    # The business reads its own words in each of its languages.
    return [{"label": dict.fromkeys(access.organisation.languages, label)} for label in reversed(labels.values())]


def same_as(text: str) -> str:
    """Return what is alike of two texts that name one choice: neither case nor gaps make another."""
    return " ".join(clean(text).split()).casefold()


def parts_of(text: str, type_: str) -> list[str]:
    """Return the choices that a text names: one, or several with commas or semicolons between them."""
    several = text.translate(_SEPARATORS).split(";") if type_ == "choices" else [text]
    return [" ".join(one.split()) for one in several if one.strip()]


def proposed(texts: Iterable[str], type_: str) -> tuple[list[str], bool]:
    """Return the choices that `texts` name, the most frequent first, and whether there are more than are proposed."""
    spelt: dict[str, dict[str, int]] = {}
    for text in texts:
        for one in parts_of(text, type_):
            ways = spelt.setdefault(same_as(one), {})
            ways[one] = ways.get(one, 0) + 1
    order = sorted(spelt.values(), key=lambda ways: (-sum(ways.values()), min(ways)))
    # Of several spellings of one the most frequent.
    names = [max(ways, key=lambda way: ways[way]) for ways in order]
    names = [name for name in names if len(name) <= LONGEST_LABEL]
    return names[:MOST_PROPOSED], len(names) > MOST_PROPOSED


def converted(source: FieldEntry, target: FieldEntry, value: Any, setting: Setting, language: str) -> Any:
    """Return a kept value of `source` as `target` keeps it, None for an empty one; raises NotAccepted."""
    if source["type"] in _LISTS and target["type"] in _LISTS:
        return _chosen(source, target, value)
    # Limits that were set since keep nothing from being copied.
    free = {name: known for name, known in target.items() if name not in ("minimum", "maximum")}
    text = words_of(source, value, setting, language)
    kind = TYPES[target["type"]]
    match target["type"]:
        case "choice" | "choices":
            return _named(free, text)
        case "checkbox":
            return _ticked(text)
        case "number" | "money" | "percent":
            plain = type_of(source).exported(source, value, setting, language) if source["type"] in _NUMBERS else text
            return kind.read(free, _without_signs(plain, free, language), setting)
    if "\n" in text and target["type"] != "paragraph":
        raise NotAccepted(_("This has several lines."))
    return kind.read(free, text, setting)


def words_of(field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
    """Return a kept value as text that says the same by itself: labels of choices, numbers and days as typed."""
    kind = type_of(field)
    if field["type"] in (*_LISTS, "checkbox"):
        return kind.shown(field, value, setting, language)
    return kind.typed(field, value, setting)


def _chosen(source: FieldEntry, target: FieldEntry, value: Any) -> Any:
    # The new list has the choices of the old one, in its order, archived ones too.
    ids = {old["id"]: new["id"] for old, new in zip(source["choices"], target["choices"], strict=False) if "id" in new}
    chosen = [ids[one] for one in (value if isinstance(value, list) else [value]) if one in ids]
    if target["type"] == "choices":
        return chosen or None
    if len(chosen) > 1:
        raise NotAccepted(_("Several are chosen."))
    return chosen[0] if chosen else None


def _named(field: FieldEntry, text: str) -> Any:
    known = {same_as(label): one["id"] for one in open_choices(field) for label in one["label"].values()}
    parts = parts_of(text, field["type"])
    for one in parts:
        if same_as(one) not in known:
            raise NotAccepted(_("“%(text)s” is not in the list.") % {"text": one[:60]})
    found = {known[same_as(one)] for one in parts}
    if not found:
        return None
    return [one["id"] for one in field["choices"] if one["id"] in found] if field["type"] == "choices" else found.pop()


def _ticked(text: str) -> bool | None:
    if same_as(text) in _YES:
        return True
    if same_as(text) in _NO:
        return None
    raise NotAccepted(_("This says neither yes nor no."))


def _without_signs(text: str, field: FieldEntry, language: str) -> str:
    """Return a number without the sign of the currency or the percent sign that the new field says by itself."""
    signs = ["%"] if field["type"] == "percent" else []
    if currency := field.get("currency"):
        signs = [get_currency_symbol(currency, locale=language[:2] or "fr"), currency]
    text = text.strip()
    for sign in signs:
        text = text.removeprefix(sign).removesuffix(sign).strip()
    return text


def of_usual_decimals(wanted: Wanted, field: FieldEntry) -> Wanted:
    """Return the same with as many decimals as the old field has, so that none is cut off."""
    return replace(wanted, decimals=max(wanted.decimals, min(decimals_of(field), MOST_DECIMALS)))
