"""What becomes of a visit: moved, started, cancelled, not shown up for, taken back."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Path, Router

from carnet.appointments.actions import (
    cancel_appointment,
    edit_appointment,
    mark_no_show,
    reopen_appointment,
    reschedule_appointment,
    start_appointment,
    undo_ending,
)
from carnet.appointments.api.asking import start_asked
from carnet.appointments.api.reading import appointment_at, told
from carnet.appointments.api.shapes import AppointmentOut
from carnet.base.api import Custom, Id, Input, Moment, Nothing, Text, expected_version, problems
from carnet.organisations.api import member_asked
from carnet.organisations.tokens import ApiRequest
from carnet.scheduling.outside import OVERRIDABLE

router = Router(tags=["Appointments"])

HERE = "/appointments/{uuid:appointment_id}"


class ScheduleIn(Input):
    """When the visit takes place instead; with the same member unless another, or anyone, is asked for."""

    start: Moment
    member: Id | Literal["anyone"] | None = None
    reason: Literal["customer", "team"]
    note: Text = ""
    custom: Custom | None = None
    #: Override the hours of business, service and member; needs the right to, and overrides nothing else.
    outside_hours: bool = False


class CancellationIn(Input):
    reason: Literal["customer", "team"]
    note: Text = ""
    custom: Custom | None = None


class NoShowIn(Input):
    note: Text = ""


class ReopeningIn(Input):
    reason: Text


@router.put(
    f"{HERE}/schedule",
    response=AppointmentOut,
    operation_id="appointments_reschedule",
    summary="Move an appointment",
    openapi_extra=problems(409, 412, 428),
)
def reschedule(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: ScheduleIn,
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the appointment as it was read.")
    ] = None,
) -> HttpResponse:
    """Move the visit; if the new time cannot be had (409), it stands where it stood."""
    access = request.access
    version = expected_version(request, required=True)
    appointment = appointment_at(access, appointment_id)
    reschedule_appointment(
        access,
        appointment,
        start_asked(access, data.start),
        member=member_asked(access, data.member) if isinstance(data.member, UUID) else None,
        anyone=data.member == "anyone",
        reason=data.reason,
        note=data.note,
        custom=data.custom,
        version=version,
        outside=OVERRIDABLE if data.outside_hours else (),
    )
    return told(access, appointment_id)


class DetailsIn(Input):
    """What was said when the visit was booked; what is left out stays as it is."""

    note: Text | None = None
    custom: Custom | None = None


@router.put(
    f"{HERE}/details",
    response=AppointmentOut,
    operation_id="appointments_edit",
    summary="Correct the note and own fields of an appointment",
    openapi_extra=problems(409, 412, 428),
)
def edit(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: DetailsIn,
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the appointment as it was read.")
    ] = None,
) -> HttpResponse:
    version = expected_version(request, required=True)
    appointment = appointment_at(request.access, appointment_id)
    edit_appointment(request.access, appointment, note=data.note, custom=data.custom, version=version)
    return told(request.access, appointment_id)


@router.post(
    f"{HERE}/cancellation",
    response={201: AppointmentOut},
    operation_id="appointments_cancel",
    summary="Cancel an appointment",
    openapi_extra=problems(409, 412),
)
def cancel(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: CancellationIn,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    version = expected_version(request)
    appointment = appointment_at(request.access, appointment_id)
    reason, custom = data.reason, data.custom
    cancel_appointment(request.access, appointment, reason=reason, note=data.note, custom=custom, version=version)
    return told(request.access, appointment_id, 201)


@router.post(
    f"{HERE}/no-show",
    response={201: AppointmentOut},
    operation_id="appointments_no_show",
    summary="Note that the customer did not come",
    openapi_extra=problems(409, 412),
)
def no_show(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: NoShowIn | None = None,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    version = expected_version(request)
    appointment = appointment_at(request.access, appointment_id)
    mark_no_show(request.access, appointment, note=data.note if data else "", version=version)
    return told(request.access, appointment_id, 201)


@router.post(
    f"{HERE}/start",
    response=AppointmentOut,
    operation_id="appointments_start",
    summary="Start the work",
    openapi_extra=problems(409, 412),
)
def start(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: Nothing | None = None,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    """Note that the work began now; starting twice changes nothing."""
    version = expected_version(request)
    start_appointment(request.access, appointment_at(request.access, appointment_id), version=version)
    return told(request.access, appointment_id)


@router.post(
    f"{HERE}/undo",
    response=AppointmentOut,
    operation_id="appointments_undo",
    summary="Take back what ended the appointment",
    openapi_extra=problems(409, 412),
)
def undo(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: Nothing | None = None,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    """Take back one's own cancellation, no-show or completion of the last ten minutes."""
    version = expected_version(request)
    undo_ending(request.access, appointment_at(request.access, appointment_id), version=version)
    return told(request.access, appointment_id)


@router.post(
    f"{HERE}/reopening",
    response=AppointmentOut,
    operation_id="appointments_reopen",
    summary="Reopen an appointment that has ended",
    openapi_extra=problems(409, 412),
)
def reopen(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: ReopeningIn,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    version = expected_version(request)
    appointment = appointment_at(request.access, appointment_id)
    reopen_appointment(request.access, appointment, reason=data.reason, version=version)
    return told(request.access, appointment_id)
