"""Pick lists and checklists: kept are the ids of choices, so that a renamed one stays the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.utils.translation import gettext as _

from carnet.customisation.rules import Kind
from carnet.customisation.types.meaning import EQUALITY, FieldEntry, FieldType, NotAccepted, Problems, Setting
from carnet.customisation.wording import label_in, label_problem

MOST_CHOICES: Final = 10_000
#: A choice is marked with one of these, never with a colour of its own: all of them are readable in light and dark.
COLOURS: Final = ("", "grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink")


class Choice(FieldType):
    """One of a list."""

    key = "choice"
    column = "ref"
    kind = Kind.CHOICE
    operators = EQUALITY
    sortable = True
    properties = frozenset({"choices"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> int | None:
        if value is None or value == "":
            return None
        return _id_of(field, value)

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return label_of(field, value, language)

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return _names(field, language).get(value, f"#{value}")

    def imported(self, field: FieldEntry, text: str, setting: Setting, language: str) -> int | None:
        text = text.strip()
        return _named(field, text, language) if text else None

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "integer", "enum": [choice["id"] for choice in open_choices(field)]}

    def problems(self, field: FieldEntry) -> Problems:
        return choice_problems(field)


class Choices(FieldType):
    """Several of a list, in the list's order."""

    key = "choices"
    column = "ref"
    kind = Kind.CHOICES
    operators: ClassVar[Sequence[str]] = ("contains", "empty", "filled")
    properties = frozenset({"choices"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> list[int] | None:
        if value is None or value == "":
            return None
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list) or len(value) > MOST_CHOICES:
            raise NotAccepted(_("Choose from the list."))
        chosen = {_id_of(field, one) for one in value}
        return [choice["id"] for choice in field["choices"] if choice["id"] in chosen] or None

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        return ",".join(map(str, value))

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return ", ".join(label_of(field, one, language) for one in value)

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        names = _names(field, language)
        return "; ".join(names.get(one, f"#{one}") for one in value)

    def imported(self, field: FieldEntry, text: str, setting: Setting, language: str) -> list[int] | None:
        chosen = [_named(field, one.strip(), language) for one in text.split(";") if one.strip()]
        return self.read(field, list(dict.fromkeys(chosen)), setting)

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        ids = [choice["id"] for choice in open_choices(field)]
        return {"type": "array", "items": {"type": "integer", "enum": ids}, "uniqueItems": True}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[int]:
        return list(value)

    def ruled(self, field: FieldEntry, value: Any) -> frozenset[int]:
        return frozenset(value)

    def problems(self, field: FieldEntry) -> Problems:
        return choice_problems(field)


class Checklist(Choices):
    """Points to be ticked one after the other; one that is required is done when all of them are."""

    key = "checklist"
    column = ""
    operators = ("empty", "filled")
    for_sheets = True


def open_choices(field: FieldEntry) -> list[Mapping[str, Any]]:
    """Return the choices that can be chosen anew; archived ones only stay where they are."""
    return [choice for choice in field.get("choices", ()) if not choice.get("archived")]


def label_of(field: FieldEntry, chosen: int, language: str) -> str:
    found = next((choice for choice in field.get("choices", ()) if choice["id"] == chosen), None)
    return label_in(found["label"], language) if found else ""


def _id_of(field: FieldEntry, value: Any) -> int:
    ids = {str(choice["id"]): int(choice["id"]) for choice in open_choices(field)}
    if isinstance(value, bool | float) or str(value) not in ids:
        raise NotAccepted(_("Choose one of the list."))
    return ids[str(value)]


def _names(field: FieldEntry, language: str) -> dict[int, str]:
    """Return what tells choices apart in a table: their labels, unless one could be taken for another."""
    labels = {choice["id"]: label_in(choice["label"], language) for choice in field.get("choices", ())}
    seen: dict[str, int] = {}
    for label in labels.values():
        seen[label.casefold()] = seen.get(label.casefold(), 0) + 1
    return {
        one: label
        for one, label in labels.items()
        if seen[label.casefold()] == 1 and label == label.strip() and label[:1] not in ("", "#") and ";" not in label
    }


def _named(field: FieldEntry, text: str, language: str) -> int:
    known = {name.casefold(): one for one, name in _names(field, language).items()}
    if text.casefold() in known:
        return known[text.casefold()]
    if text.startswith("#"):
        return _id_of(field, text[1:])
    raise NotAccepted(_("“%(text)s” is not in the list.") % {"text": text[:60]})


def choice_problems(field: FieldEntry) -> Iterator[tuple[str, str]]:
    choices = field.get("choices")
    if not isinstance(choices, list) or not choices:
        yield "choices", _("A pick list needs at least one choice.")
        return
    if len(choices) > MOST_CHOICES:
        yield "choices", _("A pick list has at most %(limit)d choices.") % {"limit": MOST_CHOICES}
        return
    for choice in choices:
        if problem := label_problem(choice.get("label")):
            yield "choices", problem
            return
        if choice.get("colour", "") not in COLOURS:
            yield "choices", _("There is no such colour.")
            return
