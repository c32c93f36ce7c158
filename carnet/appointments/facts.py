"""What messages about an appointment need to say, frozen when it happens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from carnet.appointments.models import Appointment, Segment
from carnet.customers.email import email_of
from carnet.scheduling.hours import to_zone


def their_time(appointment: Appointment) -> dict[str, str]:
    """Return the start on the customer's own clock when it reads differently there: the same instant, told in both."""
    zone = appointment.customer.zone if appointment.customer else ""
    if not zone:
        return {}
    here, there = to_zone(appointment.starts_at, appointment.zone), to_zone(appointment.starts_at, zone)
    if here.utcoffset() == there.utcoffset():
        return {}
    return {"their_start": there.isoformat(), "their_zone": zone}


def facts_of(appointment: Appointment, segments: Sequence[Segment] | None = None) -> tuple[str, dict[str, Any]]:
    """Return the customer's e-mail address ("" without one) and the facts of the visit, in plain types.

    `segments` are those of a visit that is about to be written.
    """
    customer = appointment.customer
    recipient = email_of(customer) if customer is not None else ""
    if segments is None:
        segments = sorted(appointment.segments.all(), key=lambda segment: segment.position)
    organisation = appointment.organisation
    return recipient, {
        "name": customer.name if customer else "",
        "language": (customer.language if customer else "") or organisation.language,
        "start": to_zone(appointment.starts_at, appointment.zone).isoformat(),
        "zone": appointment.zone,
        **their_time(appointment),
        "minutes": sum(segment.minutes for segment in segments),
        "services": [segment.service_name for segment in segments],
        #: For each service what is had with it; put into words in the customer's language.
        "add_ons": [segment.add_on_names for segment in segments],
        "address": appointment.address,
        "total": appointment.total,
        "currency": appointment.currency,
        "business": organisation.name,
        "phone": organisation.phone,
    }
