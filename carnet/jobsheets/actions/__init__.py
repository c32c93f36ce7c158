"""Filling in job sheets, completing visits with them, and the layouts that they are drawn with."""

from carnet.jobsheets.actions.fill import complete_appointment, fill_job_sheet
from carnet.jobsheets.actions.layouts import (
    add_sheet_layout,
    remove_sheet_layout,
    rename_sheet_layout,
    return_sheet_layout,
)

__all__ = [
    "add_sheet_layout",
    "complete_appointment",
    "fill_job_sheet",
    "remove_sheet_layout",
    "rename_sheet_layout",
    "return_sheet_layout",
]
