"""What the organisation's own fields of a visit are filled in with when it is moved or cancelled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.customisation.actions.keeping import changed_values, copy_values
from carnet.organisations.access import Access


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
