"""What the organisation's own fields of a visit are filled in with when it is moved or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.customisation.actions.keeping import changed_values, copy_values
from carnet.customisation.built_in import require_filled
from carnet.organisations.access import Access


def require_reason_note(access: Access, note: str, layout: str) -> None:
    """Raise Invalid beside the note on why a visit is moved or cancelled, where the layout made it required."""
    if access.may_edit_field(APPOINTMENTS, "reason"):
        filled = {"reason_note": bool(note)}
        require_filled(access, APPOINTMENTS, filled, layout=layout, called={"reason_note": "note"})


def keep_answers(
    access: Access, appointment: Appointment, after: Mapping[str, Any], layout: str
) -> dict[str, list[Any]]:
    """Let the visit hold `after` in its own fields; return what changed, for the history that the caller writes.

    The visit is locked; its version is the caller's matter.
    """
    before = appointment.custom
    changed = changed_values(before, after)
    if changed:
        appointment.custom = dict(after)
        appointment.save(update_fields=["custom"])
        copy_values(access, APPOINTMENTS, appointment.pk, before, after, layout=layout)
    return changed
