"""What leaves the house of an appointment, field by field; times in the zone of the visit."""

from __future__ import annotations

from typing import Any, Final

from django.db.models import QuerySet

from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment, Segment
from carnet.catalogue.fields import may_read_prices
from carnet.customisation.predefined import layout_names
from carnet.customisation.queries import custom_output
from carnet.organisations.access import Access
from carnet.organisations.fields import without_hidden
from carnet.scheduling.hours import to_zone


def with_output(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Return the query that reads all of what `appointment_output` tells."""
    return appointments.select_related("customer", "owner").prefetch_related(
        "segments__service", "segments__segment_members__member"
    )


#: What leaves the house under a name -> the field without which it does not.
HIDDEN_WITH: Final = {"address": "address", "access_note": "access_note", "note": "note"}
_PRICES: Final = ("net", "taxes", "total", "currency")


def segment_output(access: Access, segment: Segment) -> dict[str, Any]:
    told = {
        "service": segment.service.public_id,
        "name": segment.service_name,
        "start": to_zone(segment.starts_at, segment.zone),
        "end": to_zone(segment.ends_at, segment.zone),
        "duration": segment.minutes,
        "members": [
            {"id": row.member.public_id, "name": row.member.name, "part": row.part}
            for row in segment.segment_members.all()
        ],
        "net": segment.net,
        "taxes": segment.taxes,
        "total": segment.total,
        "add_ons": [
            {"id": extra["id"], "name": extra["name"], "minutes": extra["minutes"], "amount": extra["price"]}
            for extra in segment.add_ons
        ],
    }
    if not may_read_prices(access):
        for extra in told["add_ons"]:
            del extra["amount"]
    return _priced(access, told)


def _priced(access: Access, told: dict[str, Any]) -> dict[str, Any]:
    if may_read_prices(access):
        return told
    return {name: value for name, value in told.items() if name not in _PRICES}


def own_values(access: Access, appointment: Appointment) -> dict[str, Any]:
    """Return what the visit holds in the organisation's own fields: asked when it was booked, moved or cancelled."""
    if not appointment.custom:
        return {}
    found: dict[str, Any] = {}
    for layout in layout_names(APPOINTMENTS):
        found |= custom_output(access, APPOINTMENTS, appointment.custom, layout)
    return found


def appointment_output(access: Access, appointment: Appointment) -> dict[str, Any]:
    """Return an appointment as `access` may see it; reads what `with_output` prefetches."""
    zone = appointment.zone
    started, ended, customer = appointment.started_at, appointment.ended_at, appointment.customer
    told = {
        "id": appointment.public_id,
        "version": appointment.version,
        "status": appointment.status,
        "start": to_zone(appointment.starts_at, zone),
        "end": to_zone(appointment.ends_at, zone),
        "zone": zone,
        "customer": {"id": customer.public_id, "name": customer.name} if customer else None,
        "owner": appointment.owner.public_id if appointment.owner else None,
        "place": appointment.place,
        "address": appointment.address,
        "access_note": appointment.access_note,
        "note": appointment.note,
        "custom": own_values(access, appointment),
        "segments": [segment_output(access, segment) for segment in appointment.segments.all()],
        "total": appointment.total,
        "currency": appointment.currency,
        "started_at": to_zone(started, zone) if started else None,
        "ended_at": to_zone(ended, zone) if ended else None,
        "created_at": appointment.created_at,
    }
    return _priced(access, without_hidden(access, APPOINTMENTS, told, HIDDEN_WITH))
