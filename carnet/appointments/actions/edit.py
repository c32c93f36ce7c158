"""Correcting what was said when a visit was booked: its note, and what the organisation asks in fields of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from carnet.appointments.actions.answers import keep_answers
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customers.lookup import clean
from carnet.customisation.actions.keeping import judged
from carnet.customisation.built_in import require_filled
from carnet.organisations.access import Access
from carnet.organisations.activity import record


@repeatable
def edit_appointment(
    access: Access,
    appointment: Appointment,
    *,
    note: str | None = None,
    custom: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Appointment:
    """Replace the note and the values of the layout « create », those of them that are given, in whatever state it is.

    Raises Invalid, FieldRefused or StaleVersion; nothing has changed then.
    """
    access.require("appointments.move")
    if note is not None and len(note) > 2000:
        raise Invalid(note=_("This is longer than %(limit)d characters.") % {"limit": 2000})
    appointment = locked(access.visible(Appointment.objects.all()), pk=appointment.pk)
    if version is not None and version != appointment.version:
        raise StaleVersion
    after = judged(access, APPOINTMENTS, custom, appointment.custom, layout="create")
    if note is not None:
        filled, before = {"note": bool(clean(note))}, {"note": bool(appointment.note)}
        require_filled(access, APPOINTMENTS, filled, before, layout="create")
    changes: dict[str, list[Any]] = {}
    if note is not None and clean(note) != appointment.note:
        access.require_fields(APPOINTMENTS, ["note"])
        changes["note"] = [appointment.note, clean(note)]
        appointment.note = clean(note)
    changes |= keep_answers(access, appointment, after, "create")
    if changes:
        appointment.version += 1
        appointment.save(update_fields=["note", "version"])
        record(access, "appointment.edited", appointment, changes=changes)
    return appointment
