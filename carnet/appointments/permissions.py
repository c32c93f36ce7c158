"""Who may see an appointment: whoever may see its owner or any of its members."""

from __future__ import annotations

from django.db.models import Q

from carnet.appointments.models import Appointment, SegmentMember
from carnet.customers.permissions import any_of, further_reasons
from carnet.organisations.access import Access, sees


def reasons_for_appointments(access: Access) -> dict[str, Q]:
    """Return why appointments are seen, each reason by itself: any of them is enough."""
    reached = access.reached_members
    of_members = SegmentMember.objects.filter(member_id__in=reached)
    return {
        "owner": Q(owner_id__in=reached),
        "member": Q(pk__in=of_members.values("segment__appointment_id")),
    }


@sees(Appointment)
def appointments_seen(access: Access) -> Q:
    return any_of(reasons_for_appointments(access))


def customers_served(access: Access) -> dict[str, Q]:
    """Whoever sees a visit sees its customer."""
    return {"visit": Q(pk__in=Appointment.objects.filter(appointments_seen(access)).values("customer_id"))}


further_reasons.append(customers_served)
