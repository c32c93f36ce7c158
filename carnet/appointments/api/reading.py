"""Reading appointments: one, or those of a few days."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from ninja import Path, Query, Router

from carnet.appointments.api.asking import range_asked
from carnet.appointments.api.shapes import AppointmentOut, AppointmentsOut, StatusName
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.appointments.output import appointment_output, with_output
from carnet.base.api import Day, Id, Limit, answer, listed, page_after
from carnet.base.periods import overlapping
from carnet.customers.api import customer_asked
from carnet.customisation.asked import ORDER, WHERE, Order, Where, in_order, narrowed, page_in_order
from carnet.organisations.access import Access
from carnet.organisations.api import member_asked
from carnet.organisations.tokens import ApiRequest
from carnet.scheduling.hours import day_span
from carnet.scheduling.spans import Span

router = Router(tags=["Appointments"])


def appointments_seen(access: Access) -> QuerySet[Appointment]:
    access.require("appointments.see")
    return access.visible(Appointment.objects.all())


def appointment_at(access: Access, public_id: UUID) -> Appointment:
    """Return the appointment of an address, as it is now; raises Http404 for one that cannot be seen."""
    found = with_output(appointments_seen(access)).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def told(access: Access, public_id: UUID, status: int = 200) -> HttpResponse:
    appointment = appointment_at(access, public_id)
    return answer(appointment_output(access, appointment), status, version=appointment.version)


@router.get("/appointments", response=AppointmentsOut, operation_id="appointments_list", summary="List appointments")
def appointments(
    request: ApiRequest,
    organisation: Path[str],
    first: Annotated[Day, Query(alias="from", description="The first day, in the organisation's zone.")],
    last: Annotated[Day, Query(alias="to", description="The last day; at most 62 days in all.")],
    member: Annotated[Id | None, Query(description="Only visits that this member provides or attends.")] = None,
    customer: Id | None = None,
    status: StatusName | None = None,
    where: Annotated[Where | None, Query(description=WHERE)] = None,
    order: Annotated[Order | None, Query(description=ORDER)] = None,
    after: Annotated[Id | None, Query(description="The `next` of the page before.")] = None,
    limit: Limit = 100,
) -> HttpResponse:
    """Return the visits that touch these days, in order of start or of an own field."""
    access = request.access
    range_asked(first, last)
    zone = access.organisation.zone
    found = appointments_seen(access).filter(overlapping(Span(day_span(first, zone).start, day_span(last, zone).end)))
    if member:
        # In a subquery, for a member of several segments must not list the visit several times.
        found = found.filter(
            pk__in=Appointment.objects.filter(segments__segment_members__member=member_asked(access, member)).values(
                "pk"
            )
        )
    if customer:
        found = found.filter(customer=customer_asked(access, customer))
    if status:
        found = found.filter(status=status)
    found = narrowed(found, access, APPOINTMENTS, where or [])
    if order:
        pks, more = page_in_order(found, access, APPOINTMENTS, order, after, limit)
        page = in_order(with_output(found), pks)
    else:
        page, more = page_after(with_output(found), "starts_at", after, limit)
    return listed("appointments", [appointment_output(access, one) for one in page], more)


@router.get(
    "/appointments/{uuid:appointment_id}",
    response=AppointmentOut,
    operation_id="appointments_get",
    summary="Read an appointment",
)
def appointment(request: ApiRequest, organisation: Path[str], appointment_id: Path[UUID]) -> HttpResponse:
    return told(request.access, appointment_id)
