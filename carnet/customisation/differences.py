"""What became different between two versions of a layout: as data, which is kept, and in words for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from carnet.customisation.queries import Document, FieldEntry, key_of
from carnet.customisation.wording import Label, label_in

#: What happened and to what: {"what": "moved", "field": {"fr": …}, "section": {"fr": …}}. It is kept in the history.
Difference = dict[str, Any]

_SENTENCES: Final[Mapping[str, Promise]] = {
    "section_added": _("Section “%(section)s” added."),
    "section_removed": _("Section “%(section)s” taken away."),
    "sections_ordered": _("The sections are in another order."),
    "section_changed": _("Section “%(section)s”: columns or condition changed."),
    "fields_ordered": _("The fields of “%(section)s” are in another order."),
    "added": _("“%(field)s” added."),
    "put_back": _("“%(field)s” put back."),
    "removed": _("“%(field)s” removed; its values are kept."),
    "renamed": _("“%(before)s” is now called “%(field)s”."),
    "moved": _("“%(field)s” moved to “%(section)s”."),
    "changed": _("“%(field)s”: %(properties)s changed."),
}
#: What is told to be changed -> its name, and the properties of a field that it is.
_PROPERTIES: Final[Mapping[str, tuple[Promise, tuple[str, ...]]]] = {
    "help": (_("help"), ("help",)),
    "required": (_("required"), ("required",)),
    "default": (_("default"), ("default",)),
    "unique": (_("unique"), ("unique",)),
    "placeholder": (_("placeholder"), ("placeholder",)),
    "choices": (_("choices"), ("choices",)),
    "columns": (_("columns"), ("columns",)),
    "limits": (_("limits"), ("minimum", "maximum")),
    "shows": (_("where it shows"), ("shows",)),
    "search": (_("search"), ("searched",)),
    "conditions": (_("when it is asked"), ("shown_if", "required_if")),
    "rule": (_("rule"), ("rule",)),
}


def differences(old: Document, new: Document) -> list[str]:
    """Return a sentence for each thing that changed, in the active language; none where nothing did."""
    return [sentence(one) for one in differences_kept(old, new)]


def differences_kept(old: Document, new: Document) -> list[Difference]:
    """Return the same as data, names in all their languages."""
    return [*_of_sections(old, new), *_of_fields(old, new), *_within_sections(old, new)]


def sentence(difference: Difference) -> str:
    """Return a difference in words, in the active language; raises KeyError for what is none."""
    language = get_language() or ""
    if difference["what"] == "renamed":
        language = _language_of_change(difference["before"], difference["field"], language)
    said = {name: label_in(label, language) for name, label in difference.items() if isinstance(label, dict)}
    if "properties" in difference:
        said["properties"] = ", ".join(str(_PROPERTIES[one][0]) for one in difference["properties"])
    return str(_SENTENCES[difference["what"]]) % said


def _of_sections(old: Document, new: Document) -> Iterator[Difference]:
    before = [section["label"] for section in old["sections"]]
    after = [section["label"] for section in new["sections"]]
    for label in after:
        if not any(_is_same(label, other) for other in before):
            yield {"what": "section_added", "section": label}
    for label in before:
        if not any(_is_same(label, other) for other in after):
            yield {"what": "section_removed", "section": label}
    kept = [label for label in before if any(_is_same(label, other) for other in after)]
    stayed = [label for label in after if any(_is_same(label, other) for other in before)]
    if not all(map(_is_same, kept, stayed)):
        yield {"what": "sections_ordered"}


def _of_fields(old: Document, new: Document) -> Iterator[Difference]:
    before, after = _fields(old), _fields(new)
    tray = {key_of(field) for field in old.get("removed", ())}
    for key, (section, field) in after.items():
        name = field["label"]
        if key not in before:
            yield {"what": "put_back" if key in tray else "added", "field": name}
            continue
        was_in, was = before[key]
        if was["label"] != name:
            yield {"what": "renamed", "before": was["label"], "field": name}
        if not _is_same(was_in["label"], section["label"]):
            yield {"what": "moved", "field": name, "section": section["label"]}
        changed = [one for one, (_name, of) in _PROPERTIES.items() if _worth(was, of) != _worth(field, of)]
        if changed:
            yield {"what": "changed", "field": name, "properties": changed}
    for key, (_section, field) in before.items():
        if key not in after:
            yield {"what": "removed", "field": field["label"]}


def _within_sections(old: Document, new: Document) -> Iterator[Difference]:
    for section in new["sections"]:
        label = section["label"]
        same = next((one for one in old["sections"] if _is_same(one["label"], label)), None)
        if same is None:
            continue
        here = [key_of(field) for field in section["fields"]]
        there = [key_of(field) for field in same["fields"]]
        common = [key for key in there if key in here]
        if common != [key for key in here if key in common]:
            yield {"what": "fields_ordered", "section": label}
        if _worth(same, ("columns", "shown_if")) != _worth(section, ("columns", "shown_if")):
            yield {"what": "section_changed", "section": label}


def _is_same(one: Label, other: Label) -> bool:
    """Return whether a section is the other one: called alike in some language."""
    return any(text and other.get(language) == text for language, text in one.items())


def _language_of_change(before: Label, after: Label, language: str) -> str:
    """Return the reader's language, or where both names are the same in it, one in which they are not."""
    if label_in(before, language) != label_in(after, language):
        return language
    return next((one for one in {**before, **after} if before.get(one) != after.get(one)), language)


def _fields(document: Document) -> dict[str, tuple[Mapping[str, Any], FieldEntry]]:
    return {key_of(field): (section, field) for section in document["sections"] for field in section["fields"]}


def _worth(part: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    # Nothing said, and said to be nothing, are the same.
    return [part.get(name) or None for name in names]
