"""Who may see an appointment: whoever may see its owner or any of its members."""

from __future__ import annotations

from django.db.models import Q

from carnet.appointments.models import Appointment, SegmentMember
from carnet.customers.permissions import further_reasons
from carnet.organisations.access import Access, sees


@sees(Appointment)
def appointments_seen(access: Access) -> Q:
    reached = access.reached_members
    of_members = SegmentMember.objects.filter(member_id__in=reached)
    return Q(owner_id__in=reached) | Q(pk__in=of_members.values("segment__appointment_id"))


def customers_served(access: Access) -> Q:
    """Whoever sees a visit sees its customer."""
    return Q(pk__in=Appointment.objects.filter(appointments_seen(access)).values("customer_id"))


further_reasons.append(customers_served)
