"""The layouts of job sheets that a demo business added beside its standard one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carnet.customisation.actions import save_layout
from carnet.customisation.models import Layout, Module
from carnet.customisation.predefined import STANDARD
from carnet.customisation.queries import current_layout, draft_of
from carnet.jobsheets.actions import add_sheet_layout
from carnet.organisations.access import Access


def add_layouts(access: Access, layouts: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, Layout]:
    """Add a layout for each label: the standard one with these fields, in place of those that are called the same."""
    made = {}
    standard = Layout.objects.filter(module=Module.Key.JOB_SHEETS, name=STANDARD).first()
    for label, fields in layouts.items():
        made[label] = add_sheet_layout(access, label, copied_from=standard)
        current = current_layout(access, Module.Key.JOB_SHEETS, made[label].name)
        draft = draft_of(access, current.document)
        names = [field["label"]["fr"] for field in fields]
        first = draft["sections"][0]
        kept = [field for field in first["fields"] if field["label"].get("fr") not in names]
        left_out = [field for field in first["fields"] if field not in kept]
        # What was done comes first, then what was added, then when it was done.
        at = next((n for n, field in enumerate(kept) if field["key"] == "actual_start"), len(kept))
        first["fields"] = [*kept[:at], *map(dict, fields), *kept[at:]]
        draft["removed"] += left_out
        save_layout(access, Module.Key.JOB_SHEETS, made[label].name, draft, version=current.number)
    return made
