"""What became different between two versions of a layout, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.customisation.queries import Document, FieldEntry, key_of, label_in

Place = tuple[int, int]


def differences(old: Document, new: Document) -> list[str]:
    """Return a sentence for each thing that changed, in the active language; none where nothing did."""
    return list(_differences(old, new, get_language() or ""))


def _differences(old: Document, new: Document, language: str) -> Iterator[str]:
    before, after = _fields(old), _fields(new)
    labels_before = [label_in(section["label"], language) for section in old["sections"]]
    labels_after = [label_in(section["label"], language) for section in new["sections"]]
    for label in labels_after:
        if label not in labels_before:
            yield _("Section “%(section)s” added.") % {"section": label}
    for label in labels_before:
        if label not in labels_after:
            yield _("Section “%(section)s” taken away.") % {"section": label}
    kept = [label for label in labels_before if label in labels_after]
    if kept != [label for label in labels_after if label in kept]:
        yield _("The sections are in another order.")
    tray = {key_of(field) for field in old.get("removed", ())}
    for key, (place, field) in after.items():
        name = label_in(field["label"], language)
        if key not in before:
            yield (_("“%(field)s” put back.") if key in tray else _("“%(field)s” added.")) % {"field": name}
            continue
        was_place, was = before[key]
        was_name = label_in(was["label"], language)
        if was_name != name:
            yield _("“%(before)s” is now called “%(field)s”.") % {"before": was_name, "field": name}
        if labels_before[was_place[0]] != labels_after[place[0]]:
            yield _("“%(field)s” moved to “%(section)s”.") % {"field": name, "section": labels_after[place[0]]}
        changed = [title for title, of in _properties().items() if _worth(was, of) != _worth(field, of)]
        if changed:
            yield _("“%(field)s”: %(properties)s changed.") % {"field": name, "properties": ", ".join(changed)}
    for key, (_place, field) in before.items():
        if key not in after:
            yield _("“%(field)s” removed; its values are kept.") % {"field": label_in(field["label"], language)}
    for number, section in enumerate(new["sections"]):
        same = next((one for one in old["sections"] if one["label"] == section["label"]), None)
        if same is None:
            continue
        here = [key_of(field) for field in section["fields"]]
        there = [key_of(field) for field in same["fields"]]
        common = [key for key in there if key in here]
        if common != [key for key in here if key in common]:
            yield _("The fields of “%(section)s” are in another order.") % {"section": labels_after[number]}
        if _worth(same, ("columns", "shown_if")) != _worth(section, ("columns", "shown_if")):
            yield _("Section “%(section)s”: columns or condition changed.") % {"section": labels_after[number]}


def _fields(document: Document) -> dict[str, tuple[Place, FieldEntry]]:
    return {
        key_of(field): ((number, at), field)
        for number, section in enumerate(document["sections"])
        for at, field in enumerate(section["fields"])
    }


def _properties() -> dict[str, tuple[str, ...]]:
    return {
        _("help"): ("help",),
        _("required"): ("required",),
        _("default"): ("default",),
        _("unique"): ("unique",),
        _("placeholder"): ("placeholder",),
        _("choices"): ("choices",),
        _("columns"): ("columns",),
        _("limits"): ("minimum", "maximum"),
        _("where it shows"): ("shows",),
        _("search"): ("searched",),
        _("when it is asked"): ("shown_if", "required_if"),
        _("rule"): ("rule",),
    }


def _worth(part: Mapping[str, Any], names: tuple[str, ...]) -> list[Any]:
    # Nothing said, and said to be nothing, are the same.
    return [part.get(name) or None for name in names]
