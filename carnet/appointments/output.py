"""What leaves the house of an appointment, field by field; times in the zone of the visit."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from carnet.appointments.models import Appointment, Segment
from carnet.customisation.queries import custom_output
from carnet.organisations.access import Access
from carnet.scheduling.hours import to_zone


def with_output(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Return the query that reads all of what `appointment_output` tells."""
    return appointments.select_related("customer", "owner").prefetch_related(
        "segments__service", "segments__segment_members__member"
    )


def segment_output(segment: Segment) -> dict[str, Any]:
    return {
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


def appointment_output(access: Access, appointment: Appointment) -> dict[str, Any]:
    """Return an appointment as `access` may see it; reads what `with_output` prefetches."""
    zone = appointment.zone
    started, ended, customer = appointment.started_at, appointment.ended_at, appointment.customer
    return {
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
        "custom": custom_output(access, "appointments", appointment.custom, "create"),
        "segments": [segment_output(segment) for segment in appointment.segments.all()],
        "total": appointment.total,
        "currency": appointment.currency,
        "started_at": to_zone(started, zone) if started else None,
        "ended_at": to_zone(ended, zone) if ended else None,
        "created_at": appointment.created_at,
    }
