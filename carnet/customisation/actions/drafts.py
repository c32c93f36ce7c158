"""From a draft, as an editor or a program sends it, to the document that is kept: everything is checked first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from babel.numbers import get_currency_precision
from django.utils.translation import gettext as _

from carnet.customisation.actions.parts import with_choices, with_columns
from carnet.customisation.actions.wiring import check_rules, with_ids
from carnet.customisation.errors import LayoutRefused
from carnet.customisation.models import Field, Layout
from carnet.customisation.predefined import BUILT_IN, built_in_fields
from carnet.customisation.properties import checked_properties, locked_sentence
from carnet.customisation.queries import Document, all_fields, key_of
from carnet.customisation.types import TYPES, Setting
from carnet.customisation.wording import cleaned, label_problem
from carnet.organisations.access import Access

MOST_FIELDS: Final = 500
MOST_SECTIONS: Final = 50
_KNOWN_IDENTITY: Final = ("id", "key", "type", "decimals", "currency", "locked", "read_only")


def document_of(access: Access, layout: Layout, draft: Mapping[str, Any], before: Document) -> dict[str, Any]:
    """Return the document of the next version, its new fields made; raises LayoutRefused."""
    return _Drafting(access, layout, before).document(draft)


class _Drafting:
    def __init__(self, access: Access, layout: Layout, before: Document) -> None:
        self._access = access
        self._layout = layout
        self._setting = Setting(access.organisation.zone)
        self._before = {key_of(field): field for field in all_fields(before)}
        self._built_in = built_in_fields(layout.module, layout.name)
        self._rows = {row.pk: row for row in Field.objects.filter(module=layout.module)}
        self._errors: dict[str, str] = {}
        self._seen: set[str] = set()

    def document(self, draft: Mapping[str, Any]) -> dict[str, Any]:
        sections = _shape(draft, "sections")
        removed = _shape(draft, "removed") if "removed" in draft else []
        if len(sections) > MOST_SECTIONS:
            raise LayoutRefused(_("A layout has at most %(limit)d sections.") % {"limit": MOST_SECTIONS})
        if sum(len(_shape(section, "fields")) for section in sections) + len(removed) > MOST_FIELDS:
            raise LayoutRefused(_("A layout has at most %(limit)d fields.") % {"limit": MOST_FIELDS})
        document: dict[str, Any] = {
            "sections": [self._section(section, f"sections.{at}") for at, section in enumerate(sections)],
            "removed": [self._entry(given, f"removed.{at}") for at, given in enumerate(removed)],
        }
        document["removed"] += [dict(field) for key, field in self._before.items() if key not in self._seen]
        for at, field in enumerate(document["removed"]):
            if field.get("locked"):
                self._errors[f"removed.{at}"] = locked_sentence(field)
        self._refuse()
        names = self._make_fields(document)
        with_ids(document, names)
        self._errors |= check_rules(self._access, document)
        self._refuse()
        return document

    def _refuse(self) -> None:
        if self._errors:
            raise LayoutRefused(next(iter(self._errors.values())), self._errors)

    def _section(self, given: Mapping[str, Any], path: str) -> dict[str, Any]:
        for name in given:
            if name not in ("label", "columns", "fields", "shown_if"):
                self._errors[f"{path}.{str(name)[:40]}"] = _("A section has no such property.")
        if problem := label_problem(given.get("label")):
            self._errors[f"{path}.label"] = problem
        columns = given.get("columns", 1)
        if columns not in (1, 2) or isinstance(columns, bool | float):
            self._errors[f"{path}.columns"] = _("A section has one column or two.")
        condition = given.get("shown_if") or ""
        if not isinstance(condition, str):
            self._errors[f"{path}.shown_if"] = _("This must be text.")
        fields = [self._entry(one, f"{path}.fields.{at}") for at, one in enumerate(_shape(given, "fields"))]
        label = {} if f"{path}.label" in self._errors else cleaned(given["label"])
        return {"label": label, "columns": columns, "fields": fields} | ({"shown_if": condition} if condition else {})

    def _entry(self, given: Mapping[str, Any], path: str) -> dict[str, Any]:
        try:
            identity = self._identity(given)
        except LayoutRefused as refused:
            self._errors[path] = refused.sentence()
            return {}
        key = key_of(identity) if "id" in identity or identity["type"] == BUILT_IN else ""
        if key and key in self._seen:
            self._errors[path] = _("A field stands in a layout once.")
        self._seen.add(key)
        before = self._before.get(key, {})
        known = {**given}
        if identity["type"] != BUILT_IN:
            try:
                if "choices" in TYPES[identity["type"]].properties:
                    known["choices"], identity["highest"] = with_choices(given, before, self._highest(identity))
                if "columns" in TYPES[identity["type"]].properties:
                    known["columns"], identity["highest"] = with_columns(
                        given, before, self._highest(identity), self._access.organisation.currency
                    )
            except LayoutRefused as refused:
                self._errors[f"{path}.{'columns' if identity['type'] == 'lines' else 'choices'}"] = refused.sentence()
                return {}
        entry, errors = checked_properties(
            {name: value for name, value in known.items() if name != "highest"},
            identity,
            self._setting,
            self._layout.module,
        )
        if isinstance(name := given.get("name"), str):
            entry["name"] = name
        for name, sentence in errors.items():
            self._errors[f"{path}.{name}"] = sentence
        return entry

    def _identity(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return what never changes of a field: of a known one as it was made, of a new one as it is asked for."""
        pk, type_ = given.get("id"), given.get("type")
        if pk is None and type_ == BUILT_IN:
            found = self._built_in.get(str(given.get("key")))
            if found is None:
                raise LayoutRefused(_("There is no such field."))
            return {name: found[name] for name in _KNOWN_IDENTITY if name in found}
        if not isinstance(type_, str) or type_ not in TYPES:
            raise LayoutRefused(_("There is no such type of field."))
        if pk is not None:
            row = self._rows.get(pk) if type(pk) is int else None
            if row is None:
                raise LayoutRefused(_("There is no such field."))
            if row.type != type_:
                raise LayoutRefused(_("A field’s type never changes; add a new field instead."))
            return _as_made(row)
        decimals, currency = given.get("decimals", 0), ""
        if type_ == "money":
            currency = self._access.organisation.currency
            decimals = get_currency_precision(currency)
        key = given.get("key") or ""
        # Only the product’s own fields have a name; it is not to be had by typing it.
        if key and (self._access.actor.kind != "system" or any(row.key == key for row in self._rows.values())):
            raise LayoutRefused(_("There is no such field."))
        made = {"key": key, "type": type_}
        return (
            made
            | ({"decimals": decimals} if "decimals" in TYPES[type_].properties or currency else {})
            | ({"currency": currency} if currency else {})
        )

    def _highest(self, identity: Mapping[str, Any]) -> int:
        return self._rows[identity["id"]].highest if "id" in identity else 0

    def _make_fields(self, document: Mapping[str, Any]) -> dict[str, str]:
        """Give each new field its row, and each known one its highest id; return their keys by the draft's names."""
        names: dict[str, str] = {}
        for entry in all_fields(document):
            if entry["type"] == BUILT_IN:
                continue
            name, highest = entry.pop("name", None), entry.pop("highest", 0)
            row = self._rows.get(entry.get("id", 0))
            if row is None:
                row = Field.objects.create(
                    organisation=self._access.organisation,
                    module=self._layout.module,
                    key=entry["key"],
                    type=entry["type"],
                    decimals=entry.get("decimals", 0),
                    currency=entry.get("currency", ""),
                    highest=highest,
                )
                entry["id"] = row.pk
            elif highest > row.highest:
                row.highest = highest
                row.save(update_fields=["highest"])
            if name:
                names[name] = key_of(entry)
        return names


def _as_made(row: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"id": row.pk, "key": row.key, "type": row.type}
    if "decimals" in TYPES[row.type].properties or row.currency:
        made["decimals"] = row.decimals
    if row.currency:
        made["currency"] = row.currency
    return made


def _shape(part: Any, name: str) -> list[Any]:
    found = part.get(name) if isinstance(part, Mapping) else None
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise LayoutRefused(_("This is not a layout."))
    return found
