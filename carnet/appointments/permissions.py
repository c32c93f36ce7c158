"""Who may see an appointment: whoever may see its owner or any of its members."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from carnet.appointments.models import Appointment, SegmentMember
from carnet.customers.permissions import any_of, further_reasons
from carnet.customisation.holders import holds_values
from carnet.customisation.records import kept_in
from carnet.organisations.access import Access, sees


def reasons_for_appointments(access: Access) -> dict[str, Q]:
    """Return why appointments are seen, each reason by itself: any of them is enough."""
    # Asked of each row that is looked at: a list of all that is seen would be made anew for every page.
    reached = access.reached_members
    of_members = SegmentMember.objects.filter(segment__appointment_id=OuterRef("pk"), member_id__in=reached)
    return {"owner": Q(owner_id__in=reached), "member": Q(Exists(of_members))}


@sees(Appointment)
def appointments_seen(access: Access) -> Q:
    return any_of(reasons_for_appointments(access))


def customers_served(access: Access) -> dict[str, Q]:
    """Whoever sees a visit sees its customer."""
    visits = Appointment.objects.filter(appointments_seen(access), customer_id=OuterRef("pk"))
    return {"visit": Q(Exists(visits.order_by()))}


further_reasons.append(customers_served)
holds_values(
    "appointments",
    Appointment,
    seen_by=("appointments.see",),
    filled_by=("appointments.book", "appointments.move", "appointments.cancel"),
)
kept_in("appointments", Appointment)
