"""Shaping an organisation: modules switched on and off, layouts saved and restored."""

from carnet.customisation.actions.conversion import convert_field
from carnet.customisation.actions.founding import (
    STANDARD,
    NewField,
    NewSection,
    create_layout,
    predefined_job_sheet_fields,
    revise_layout,
    set_up_customisation,
)
from carnet.customisation.actions.layouts import restore_layout, save_layout
from carnet.customisation.actions.modules import switch_module, use_job_sheets

__all__ = [
    "STANDARD",
    "NewField",
    "NewSection",
    "convert_field",
    "create_layout",
    "predefined_job_sheet_fields",
    "restore_layout",
    "revise_layout",
    "save_layout",
    "set_up_customisation",
    "switch_module",
    "use_job_sheets",
]
