"""What the page shows on which a member is deactivated: each coming visit, and who takes it over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from carnet.appointments.actions.deactivate import Heritage
from carnet.appointments.models import Appointment


@dataclass(frozen=True, slots=True)
class VisitLeft:
    """A coming visit, and the names of who would do its services; "" if nobody could."""

    appointment: Appointment
    services: str
    taken_over_by: str


def visits_left(heritage: Heritage) -> Sequence[VisitLeft]:
    """Return the coming visits: first those that are in the way, then the others, each in the order of their starts."""
    found = []
    for one in heritage.visits:
        people = heritage.taken_over.get(one.appointment.pk, ())
        services = ", ".join(segment.service_name for segment in one.appointment.segments.all())
        names = ", ".join(dict.fromkeys(who.name for who in people))
        found.append(VisitLeft(one.appointment, services, names))
    return sorted(found, key=lambda visit: bool(visit.taken_over_by))
