"""The fields of an appointment, and the visit as somebody sees it from whom some are hidden."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from carnet.appointments.models import Appointment
from carnet.catalogue.models import Place
from carnet.customers.fields import shown as customer_shown
from carnet.customisation.fields import own_fields
from carnet.organisations.access import Access
from carnet.organisations.fields import Module, RecordField, declare_fields

APPOINTMENTS: Final = "appointments"

# What was sold for how much follows `carnet.catalogue.fields.may_read_prices`.
declare_fields(
    Module(
        APPOINTMENTS,
        _("Appointments"),
        "appointment",
        (
            RecordField("time", _("Time"), may_hide=False, history=("start",)),
            RecordField("address", _("Address"), copy_of=("customers", "address")),
            RecordField("access_note", _("How to get in"), copy_of=("customers", "access_note")),
            RecordField("note", _("Note")),
            RecordField("reason", _("Notes on moving, cancelling and reopening")),
        ),
        own_fields(APPOINTMENTS),
    )
)


def shown(access: Access, appointment: Appointment) -> Appointment:
    """Return the visit to be drawn, without what the reader may not see; only for reading."""
    if not access.field_rights:
        return appointment
    for key in ("address", "access_note", "note"):
        # The business's own address is on its door.
        told = key == "address" and appointment.place == Place.BUSINESS
        if not told and not access.may_read_field(APPOINTMENTS, key):
            setattr(appointment, key, "")
    if appointment.customer is not None:
        customer_shown(access, appointment.customer)
    return appointment
