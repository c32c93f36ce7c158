"""The form of a service as its layout has it: the inputs of a field, what they are called, where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import escape
from django.utils.translation import get_language

from carnet.catalogue.fields import SERVICES
from carnet.customisation.predefined import SHOWN, STANDARD, built_in_fields
from carnet.customisation.queries import FieldEntry, fields_of, label_in
from carnet.desk.forms.own_fields import FieldDrawn, OwnFields

if TYPE_CHECKING:
    from carnet.desk.forms.service import ServiceForm

#: Built-in field -> the inputs that it is, the first of them called after it; hours are as many as there are days.
INPUTS: Final[Mapping[str, tuple[str, ...]]] = {
    "image": ("image", "drop_image"),
    "duration": ("usual", "shortest", "longest", "variable", "before", "after"),
    "hours": (),
    "status": ("state",),
    "price": ("price", "hourly"),
}
#: Drawn by templates of their own; all others by one.
_DRAWN: Final = ("image", "duration", "category", "hours", "price", "place", "status", "taxes")
#: Too wide for one of two columns.
_WIDE: Final = (
    *("image", "name", "duration", "members", "place", "days", "hours", "status", "price", "taxes", "description"),
)
#: What is chosen from people and kinds of tax, or typed on many lines, has no default that one word could say.
_NO_DEFAULT: Final = ("image", "members", "owner", "taxes", "hours", "status", "job_sheet_layout")


@dataclass(frozen=True, slots=True)
class Place:
    """A field where it stands in the form: one of the organisation's own, or one that the product brings."""

    key: str
    template: str
    bound: BoundField | None
    is_wide: bool
    is_optional: bool
    own: FieldDrawn | None = None


@dataclass(frozen=True, slots=True)
class Chapter:
    label: str
    columns: int
    places: Sequence[Place]

    @property
    def is_asked(self) -> bool:
        return any(place.own is None or place.own.asked for place in self.places)


def inputs_of(key: str) -> tuple[str, ...]:
    return INPUTS.get(key, (key,))


def lay_out(form: ServiceForm, own: OwnFields, *, is_new: bool) -> None:
    """Call, explain, demand and begin the built-in fields as the layout says; take out those that it removed."""
    language = get_language() or ""
    brought = built_in_fields(SERVICES, STANDARD)
    laid_out = {field["key"]: field for field in fields_of(own.document) if "id" not in field}
    for key, first in brought.items():
        field = laid_out.get(key)
        if field is None or not (first["locked"] or "form" in field.get("shows", SHOWN)):
            for name in inputs_of(key):
                form.fields.pop(name, None)
            continue
        name = next(iter(inputs_of(key)), "")
        if name in form.fields:
            _describe(form, form.fields[name], field, first, language)
        if is_new and name and "default" in field and key not in _NO_DEFAULT:
            form.initial.setdefault(name, field["default"])


def _describe(form: ServiceForm, drawn: forms.Field, field: FieldEntry, first: FieldEntry, language: str) -> None:
    # What was not renamed keeps the words of the form, which fit its inputs.
    if field["label"] != first["label"]:
        drawn.label = label_in(field["label"], language)
    if said := label_in(field.get("help") or {}, language):
        drawn.help_text = escape(said)
    if field.get("required") and not first["locked"] and not drawn.disabled:
        drawn.required = True


def chapters(form: ServiceForm, own: OwnFields) -> list[Chapter]:
    """Return the form's sections with what the reader may see of them, those left empty not among them."""
    found = []
    for section in own.sections:
        places = [place for drawn in section.fields if (place := _place(form, drawn)) is not None]
        if places:
            found.append(Chapter(section.label, section.columns, places))
    return found


def _place(form: ServiceForm, drawn: FieldDrawn) -> Place | None:
    if drawn.is_own:
        wide = drawn.kind in ("paragraph", "lines", "choices")
        return Place(drawn.key, "desk/own_fields/_field.html", drawn.bound, wide, not drawn.required, own=drawn)
    names = inputs_of(drawn.key)
    if not form.shows(drawn.key) or (names and names[0] not in form.fields):
        return None
    kind = drawn.key if drawn.key in _DRAWN else "plain"
    bound = form[names[0]] if names else None
    optional = not (bound and bound.field.required) and drawn.key not in ("owner", "members", "days")
    return Place(drawn.key, f"desk/service/form/_{kind}.html", bound, drawn.key in _WIDE, optional)
