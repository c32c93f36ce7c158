"""What an organisation begins with, and layouts written down in the code: by the demo, by tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customisation.actions.layouts import newest_of, write_version
from carnet.customisation.actions.modules import switch_module
from carnet.customisation.models import Field, Layout, LayoutVersion, Module
from carnet.customisation.predefined import STANDARD as STANDARD
from carnet.customisation.predefined import predefined
from carnet.customisation.queries import Label
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.permissions import EDIT_LAYOUTS


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
    #: Further properties, as an editor sends them.
    more: Mapping[str, Any] = field(default_factory=dict)


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
def create_layout(access: Access, module: str, name: str, sections: Sequence[NewSection]) -> LayoutVersion:
    """Write down a layout with its fields; returns its first version."""
    access.require(EDIT_LAYOUTS)
    layout = Layout.objects.create(organisation=access.organisation, module=module, name=name)
    version = write_version(access, layout, 1, _draft(sections), predefined(module, name))
    record(access, "layout.created", layout)
    return version


@repeatable
def revise_layout(access: Access, layout: Layout, sections: Sequence[NewSection]) -> LayoutVersion:
    """Save the next version of a layout; records filled in with an earlier one keep theirs."""
    access.require(EDIT_LAYOUTS)
    layout = locked(Layout.objects.all(), pk=layout.pk)
    newest = newest_of(layout)
    number = newest.number if newest else 0
    before = newest.document if newest else predefined(layout.module, layout.name)
    version = write_version(access, layout, number + 1, _draft(sections), before)
    record(access, "layout.revised", layout, changes={"version": [number, number + 1]})
    return version


def _draft(sections: Sequence[NewSection]) -> dict[str, Any]:
    return {
        "sections": [
            {"label": dict(section.label), "fields": [_entry(new) for new in section.fields]} for section in sections
        ]
    }


def _entry(new: NewField) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "type": new.type,
        "label": dict(new.label),
        "help": dict(new.help),
        "required": new.required,
        "decimals": new.decimals,
        **new.more,
    }
    if new.choices:
        entry["choices"] = [{"label": dict(label)} for label in new.choices]
    if new.key:
        entry["key"] = new.key
    if new.existing is not None:
        entry["id"] = new.existing
    return entry
