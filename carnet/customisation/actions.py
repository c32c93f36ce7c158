"""Shaping an organisation: modules switched on and off, layouts written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customisation.errors import LayoutRefused, UnknownModule
from carnet.customisation.models import Field, Layout, LayoutVersion, Module
from carnet.customisation.queries import Label, fields_of
from carnet.organisations.access import Access
from carnet.organisations.activity import record

STANDARD: Final = "standard"
MOST_FIELDS: Final = 200
LONGEST_LABEL: Final = 120


@dataclass(frozen=True)
class NewField:
    """A field of a layout: a new one, or `existing` one, whose type and values stay as they are.

    `choices` are the labels of a pick list in order; `decimals` how many a number keeps.
    """

    type: str
    label: Label
    required: bool = False
    help: Label = field(default_factory=dict)
    key: str = ""
    choices: tuple[Label, ...] = ()
    decimals: int = 0
    existing: int | None = None


@dataclass(frozen=True)
class NewSection:
    label: Label
    fields: Sequence[NewField]


def predefined_job_sheet_fields() -> tuple[NewField, ...]:
    """Return the fields every job sheet begins with, in both languages."""
    return (
        NewField(Field.Type.TEXT, {"fr": "Nom", "en": "Name"}, key="name"),
        NewField(Field.Type.PARAGRAPH, {"fr": "Travail effectué", "en": "Work done"}, required=True, key="work_done"),
        NewField(Field.Type.MOMENT, {"fr": "Début réel", "en": "Actual start"}, key="actual_start"),
        NewField(Field.Type.MOMENT, {"fr": "Fin réelle", "en": "Actual end"}, key="actual_end"),
        NewField(Field.Type.PARAGRAPH, {"fr": "Remarques", "en": "Remarks"}, key="remarks"),
    )


@repeatable
def set_up_customisation(
    access: Access,
    *,
    services_on: bool = False,
    job_sheets_on: bool = True,
    job_sheet_fields: Sequence[NewField] = (),
) -> LayoutVersion:
    """Give a new organisation its modules and the standard job sheet, extended by `job_sheet_fields`."""
    access.require("set_up.edit")
    switch_module(access, Module.Key.SERVICES, services_on)
    switch_module(access, Module.Key.JOB_SHEETS, job_sheets_on)
    first, work, start, end, remarks = predefined_job_sheet_fields()
    label = {"fr": "Feuille de travail", "en": "Job sheet"}
    section = NewSection(label, (first, work, *job_sheet_fields, start, end, remarks))
    return create_layout(access, Module.Key.JOB_SHEETS, STANDARD, [section])


@repeatable
def switch_module(access: Access, key: str, on: bool) -> Module:
    """Switch a module on or off; nothing that it holds is lost. Switching it to what it is changes nothing."""
    access.require("set_up.edit")
    return _switch(access, key, on)


@repeatable
def use_job_sheets(access: Access, on: bool) -> Module:
    """Say whether the organisation uses job sheets, for all its services; those filled in are kept either way.

    Whoever sees the services decides this, and need not be let into anything else of the set-up.
    """
    access.require("catalogue.see")
    return _switch(access, Module.Key.JOB_SHEETS, on)


def _switch(access: Access, key: str, on: bool) -> Module:
    if key not in Module.Key.values:
        raise UnknownModule(key)
    module, created = Module.objects.get_or_create(organisation=access.organisation, key=key)
    module = locked(Module.objects.all(), pk=module.pk)
    if created or module.on != on:
        before = None if created else module.on
        module.on, module.switched_at = on, access.now
        module.save(update_fields=["on", "switched_at"])
        record(access, "module.switched", module, changes={key: [before, on]})
    # What this access has learnt about modules is no longer true.
    access.modules.clear()
    return module


@repeatable
def create_layout(access: Access, module: str, name: str, sections: Sequence[NewSection]) -> LayoutVersion:
    """Write down a layout with its fields; returns its first version."""
    access.require("set_up.edit")
    layout = Layout.objects.create(organisation=access.organisation, module=module, name=name)
    version = _save_version(access, layout, 1, sections)
    record(access, "layout.created", layout)
    return version


@repeatable
def revise_layout(access: Access, layout: Layout, sections: Sequence[NewSection]) -> LayoutVersion:
    """Save the next version of a layout; records filled in with an earlier one keep theirs."""
    access.require("set_up.edit")
    layout = locked(Layout.objects.all(), pk=layout.pk)
    newest = layout.versions.order_by("-number").first()
    number = newest.number + 1 if newest else 1
    version = _save_version(access, layout, number, sections)
    record(access, "layout.revised", layout, changes={"version": [number - 1, number]})
    return version


def _save_version(access: Access, layout: Layout, number: int, sections: Sequence[NewSection]) -> LayoutVersion:
    document = {
        "sections": [
            {
                "label": _checked_label(section.label),
                "fields": [_entry(access, layout.module, new) for new in section.fields],
            }
            for section in sections
        ]
    }
    entries = list(fields_of(document))
    if len(entries) > MOST_FIELDS:
        raise LayoutRefused(_("A layout has at most %(limit)d fields.") % {"limit": MOST_FIELDS})
    if len({entry["id"] for entry in entries}) != len(entries):
        raise LayoutRefused(_("A field stands in a layout once."))
    return LayoutVersion.objects.create(
        organisation=access.organisation, layout=layout, number=number, document=document, saved_at=access.now
    )


def _entry(access: Access, module: str, new: NewField) -> dict[str, Any]:
    """Return the field as the document keeps it, created if it is new."""
    if new.type not in Field.Type.values:
        raise LayoutRefused(_("There is no such type of field."))
    if new.type == Field.Type.CHOICE and not new.choices:
        raise LayoutRefused(_("A pick list needs at least one choice."))
    if not 0 <= new.decimals <= 6:
        raise LayoutRefused(_("A number keeps up to six decimals."))
    label = _checked_label(new.label)
    if new.existing is None:
        row = Field.objects.create(organisation=access.organisation, module=module, key=new.key, type=new.type)
    else:
        known = Field.objects.filter(pk=new.existing, module=module).first()
        if known is None:
            raise LayoutRefused(_("There is no such field."))
        if known.type != new.type:
            raise LayoutRefused(_("A field’s type never changes; add a new field instead."))
        row = known
    entry: dict[str, Any] = {
        "id": row.pk,
        "key": row.key,
        "type": new.type,
        "label": label,
        "help": dict(new.help),
        "required": new.required,
    }
    if new.type == Field.Type.CHOICE:
        # Ids, not labels: a renamed choice stays the same choice.
        entry["choices"] = [{"id": number, "label": dict(text)} for number, text in enumerate(new.choices, start=1)]
    if new.type == Field.Type.NUMBER:
        entry["decimals"] = new.decimals
    return entry


def _checked_label(label: Mapping[str, str]) -> dict[str, str]:
    words = {language: " ".join(text.split()) for language, text in label.items()}
    if not any(words.values()):
        raise LayoutRefused(_("A field or section needs a label."))
    if any(len(text) > LONGEST_LABEL for text in words.values()):
        raise LayoutRefused(_("A label has at most %(limit)d characters.") % {"limit": LONGEST_LABEL})
    return words
