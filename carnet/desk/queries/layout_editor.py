"""What the layout editor is given: the layout, the fields that can be added, and every word that it says."""

from __future__ import annotations

from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.base.assets import asset_url
from carnet.customisation.converting import TARGETS
from carnet.customisation.predefined import PLACES, TOLD_IN_LETTERS
from carnet.customisation.queries import Current, draft_of
from carnet.customisation.types import TYPES
from carnet.customisation.types.choices import COLOURS
from carnet.customisation.types.lines import COLUMN_TYPES
from carnet.organisations.access import Access

LANGUAGES: Final = ("fr", "en")
_ICONS: Final = {
    "text": "text-cursor-input",
    "paragraph": "align-left",
    "number": "hash",
    "decimal": "decimals-arrow-right",
    "money": "coins",
    "percent": "percent",
    "date": "calendar",
    "moment": "calendar-clock",
    "checkbox": "square-check",
    "choice": "square-chevron-down",
    "choices": "list-checks",
    "phone": "phone",
    "email": "at-sign",
    "url": "link",
    "image": "image",
    "file": "file-text",
    "signature": "pencil",
    "customer": "users",
    "service": "tag",
    "member": "user",
    "checklist": "clipboard-check",
    "lines": "rows-3",
    "total": "sigma",
}


def given_to_editor(access: Access, module: str, name: str, current: Current) -> dict[str, Any]:
    """Return all that the editor needs, as plain values."""
    language = (get_language() or "fr")[:2]
    # Within a sentence French writes them small.
    names = {
        code: name.lower() if language == "fr" else name for code, name in (("fr", _("French")), ("en", _("English")))
    }
    return {
        "layout": draft_of(access, current.document),
        "version": current.number,
        "module": module,
        "language": language,
        "languages": [{"code": code, "name": name} for code, name in names.items()],
        "types": list(_offers(module)),
        "places": [{"key": key, "label": label} for key, label in _places(module).items() if key in PLACES],
        "colours": list(COLOURS),
        "columns": [{"key": key, "label": type_names()[key]} for key in COLUMN_TYPES if key != "choice"],
        "icons": asset_url("icons.svg"),
        "profiles": reverse("set_up_profiles") if access.may("profiles.edit") else "",
        "convertible": list(TARGETS),
        "conversion": reverse("field_conversion", args=[module, name, "f0"]),
        "rules": _rules(),
        "words": _words(),
    }


def _offers(module: str) -> list[dict[str, Any]]:
    """Return the fields that can be added, in the order of « Nouveaux champs »."""
    offers = []
    for key, kind in TYPES.items():
        if kind.for_sheets and module != "job_sheets":
            continue
        # A number with decimals is another thing to whoever adds it.
        for offer in (key, "decimal") if key == "number" else (key,):
            begins: dict[str, Any] = {}
            if key == "number":
                begins["decimals"] = 2 if offer == "decimal" else 0
            for name in ("choices", "columns"):
                if name in kind.properties:
                    begins[name] = []
            offers.append(
                {
                    "offer": offer,
                    "key": key,
                    "label": type_names()[offer],
                    "icon": _ICONS.get(offer, "tag"),
                    "properties": sorted(kind.properties),
                    "may_be_unique": kind.may_be_unique,
                    "searchable": kind.searchable,
                    "has_default": key in _WITH_DEFAULT,
                    "begins": begins,
                }
            )
    return offers


_WITH_DEFAULT: Final = (
    "text",
    "paragraph",
    "number",
    "money",
    "percent",
    "date",
    "checkbox",
    "choice",
    "phone",
    "email",
    "url",
)


def type_names() -> dict[str, str]:
    """Return what the types of fields are called, a number with decimals apart."""
    return {
        "text": _("Line of text"),
        "paragraph": _("Paragraph"),
        "number": _("Whole number"),
        "decimal": _("Decimal number"),
        "money": _("Amount"),
        "percent": _("Percentage"),
        "date": _("Date"),
        "moment": _("Date and time"),
        "checkbox": _("Tick box"),
        "choice": _("Pick list"),
        "choices": _("Multiple choice"),
        "phone": _("Phone number"),
        "email": _("E-mail address"),
        "url": _("Web address"),
        "image": _("Picture"),
        "file": _("File"),
        "signature": _("Signature"),
        "customer": _("Customer"),
        "service": _("Service"),
        "member": _("Member"),
        "checklist": _("Checklist"),
        "lines": _("Repeating lines"),
        "total": _("Total"),
    }


def _places(module: str) -> dict[str, str]:
    places = {
        "form": _("In the form"),
        "page": _("On the page of the record"),
        "list": _("In the list"),
        "card": _("On the card of the calendar"),
        "phone": _("On the phone"),
        "letter": _("In the customer’s confirmation"),
    }
    return places if module in TOLD_IN_LETTERS else {key: one for key, one in places.items() if key != "letter"}


def _rules() -> list[str]:
    """Return how rules are written, a sentence each."""
    return [
        _("Choose a field from the list below the box: it is written by its short name, f and a number."),
        _("Compare with = ≠ < ≤ > ≥, or with “is empty”, “is not empty”, “contains”."),
        _("Choices are written # and a number; texts stand in quotation marks; dates as 2026-12-31."),
        _("Join conditions with “and”, “or”, “not”, and brackets."),
        _("Calculate with + − × ÷; sum(f3.c4) adds up a column, count(f3) counts lines, round, min, max, if(…, …, …)."),
    ]


def _words() -> dict[str, str]:
    return {
        "tools": _("Layout tools"),
        "new_fields": _("New fields"),
        "new_fields_help": _("Choose a type, or drag it to its place."),
        "grip_help": _(
            "Press Enter to take it, the arrow keys to move it, Enter to put it down, Escape to put it back."
        ),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "preview": _("Preview"),
        "save": _("Save"),
        "saving": _("Saving…"),
        "unsaved": _("Not saved yet"),
        "not_sent": _(
            "The layout could not be sent. It is kept in this browser; save again when the connection is back."
        ),
        "undone": _("Undone."),
        "redone": _("Done again."),
        "added": _("New field in “%(section)s”: %(type)s. Type its name."),
        "moved": _("“%(field)s”: “%(section)s”, place %(position)s of %(count)s."),
        "section_moved": _("Section “%(section)s”: place %(position)s of %(count)s."),
        "at_end": _("It stands at the end."),
        "at_start": _("It stands at the beginning."),
        "taken": _("“%(field)s” is taken."),
        "put_down": _("“%(field)s” is put down."),
        "put_back": _("“%(field)s” is back where it was."),
        "removed": _("“%(field)s” was removed. Its values are kept."),
        "section_removed": _("Section “%(section)s” was removed; its fields are in the one before."),
        "back": _("“%(field)s” is in the layout again."),
        "locked": _("“%(field)s” stays and is always required: nothing works without it."),
        "cannot_remove": _("Cannot be removed"),
        "properties": _("Edit properties"),
        "rename": _("Rename"),
        "convert": _("Convert into another type…"),
        "move_up": _("Move up"),
        "move_down": _("Move down"),
        "remove": _("Remove field"),
        "make_required": _("Make required"),
        "make_optional": _("Make optional"),
        "required_word": _("required"),
        "wrong": _("to be corrected"),
        "conditional": _("On condition"),
        "built_in": _("Predefined field"),
        "field_grip": _("Move “%(field)s”"),
        "field_menu": _("What can be done with “%(field)s”"),
        "section": _("Section"),
        "section_grip": _("Move section “%(section)s”"),
        "section_menu": _("What can be done with section “%(section)s”"),
        "section_label": _("Name of the section"),
        "section_columns": _("Columns"),
        "section_add": _("Add a section"),
        "section_remove": _("Remove section"),
        "section_empty": _("Nothing here yet. Drag a field here."),
        "one_column": _("One column"),
        "two_columns": _("Two columns"),
        "close": _("Close"),
        "label": _("Name of the field"),
        "help": _("Help beside the field"),
        "placeholder": _("Example inside the empty field"),
        "in_language": _("In %(language)s"),
        "required": _("Required"),
        "unique": _("No two records may hold the same"),
        "searched": _("Found by the search of customers"),
        "default": _("Default value"),
        "no_default": _("None"),
        "ticked": _("Ticked unless somebody says otherwise"),
        "decimals": _("Decimals"),
        "minimum": _("Smallest value"),
        "maximum": _("Largest value"),
        "rule": _("Calculation"),
        "conditions": _("Conditions"),
        "shown_if": _("Shown only if"),
        "required_if": _("Required if"),
        "rules_title": _("How a rule is written"),
        "rule_insert": _("Insert a field"),
        "rule_insert_choose": _("Choose…"),
        "shows": _("Where it shows"),
        "profiles": _("Which profiles see it and fill it in is said under “Fields” of each profile."),
        "profiles_link": _("Profiles"),
        "save_first": _("Values that are new can be chosen here once the layout is saved."),
        "choices": _("Values"),
        "choice_label": _("Value %(number)s"),
        "choice_add": _("Add a value"),
        "choice_colour": _("Colour of “%(choice)s”: %(colour)s"),
        "choice_up": _("Move “%(choice)s” up"),
        "choice_down": _("Move “%(choice)s” down"),
        "choice_remove": _("Remove “%(choice)s”"),
        "choice_archive": _("Offer “%(choice)s” no longer"),
        "choice_restore": _("Offer “%(choice)s” again"),
        "choices_find": _("Find a value"),
        "choices_shown": _("%(shown)s of %(count)s values are shown."),
        "choices_many": _("Several at once"),
        "choices_many_label": _("One value on each line"),
        "choices_many_take": _("Add these values"),
        "columns": _("Columns of each line"),
        "column_label": _("Name of column %(number)s"),
        "column_type": _("Type of column %(number)s"),
        "column_add": _("Add a column"),
        "column_remove": _("Remove column “%(column)s”"),
        "tray": _("Removed fields (%(count)s)"),
        "tray_help": _("Removed fields keep their values. Put back, they are as they were."),
        "put_back_field": _("Put “%(field)s” back"),
        "look_as": _("Seen as"),
        "look_on": _("Seen on"),
        "look_form": _("Form"),
        "look_page": _("Page"),
        "look_wide": _("Computer"),
        "look_phone": _("Phone"),
        "preview_of": _("Preview of the layout"),
        "draft_found": _("This browser has kept changes of this layout that were not saved."),
        "draft_old": _(
            "This browser has kept changes that were not saved; the layout has been saved by somebody else since."
        ),
        "draft_take": _("Go on with them"),
        "draft_leave": _("Drop them"),
        "save_over": _("Save mine as the newest"),
        "take_theirs": _("Show theirs"),
        **{f"colour_{key or 'none'}": name for key, name in _colours().items()},
    }


def _colours() -> dict[str, str]:
    return {
        "": _("none"),
        "grey": _("grey"),
        "red": _("red"),
        "orange": _("orange"),
        "yellow": _("yellow"),
        "green": _("green"),
        "teal": _("teal"),
        "blue": _("blue"),
        "purple": _("purple"),
        "pink": _("pink"),
    }
