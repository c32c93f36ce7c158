"""Job sheets over HTTP: read, filled in; and completing a visit, which asks for the sheet."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Header, Path, Router
from pydantic import BaseModel

from carnet.appointments.api.reading import appointment_at, told
from carnet.appointments.api.shapes import AppointmentOut
from carnet.base.api import Custom, Input, answer, expected_version, problems
from carnet.catalogue.api import MemberOut
from carnet.jobsheets.actions import complete_appointment, fill_job_sheet
from carnet.jobsheets.output import sheet_output
from carnet.jobsheets.queries import sheet_layouts, sheet_of
from carnet.organisations.tokens import ApiRequest

router = Router(tags=["Job sheets"])

HERE = "/appointments/{uuid:appointment_id}"


class SheetIn(Input):
    """Values by field ("f12"); fields left out stay as they are, null empties one."""

    values: Custom


class CompletionIn(Input):
    """What to save into the job sheet first: both happen, or neither."""

    values: Custom | None = None


class ChoiceOut(BaseModel):
    id: int
    label: str


class ColumnOut(BaseModel):
    """A column of repeating lines."""

    column: str
    type: str
    label: str
    value: dict[str, Any]


class SheetFieldOut(BaseModel):
    """A field of the sheet; `decimals` is how many a number keeps, `value` the JSON Schema of what is sent and told."""

    field: str
    type: str
    label: str
    help: str
    required: bool
    decimals: int
    currency: str
    shown_if: str
    required_if: str
    rule: str
    choices: list[ChoiceOut]
    columns: list[ColumnOut]
    value: dict[str, Any]


class SheetSectionOut(BaseModel):
    label: str
    shown_if: str
    fields: list[SheetFieldOut]


class SheetDrawnOut(BaseModel):
    """The layout that the sheet is drawn with, in the version that it keeps."""

    name: str
    version: int


class SheetOut(BaseModel):
    """The sheet of a visit; version 0 and no values as long as nobody has saved it."""

    version: int
    layout: SheetDrawnOut
    saved_at: datetime | None
    saved_by: MemberOut | None
    sections: list[SheetSectionOut]
    values: dict[str, Any]


class SheetLayoutOut(BaseModel):
    """What a service names as its `job_sheet_layout`; the label of the standard one is empty."""

    name: str
    label: str


class SheetLayoutsOut(BaseModel):
    layouts: list[SheetLayoutOut]


@router.get(
    "/job-sheet-layouts", response=SheetLayoutsOut, operation_id="job_sheet_layouts_list", summary="List the layouts"
)
def layouts(request: ApiRequest, organisation: Path[str]) -> HttpResponse:
    """The layouts that the sheets of a service can be drawn with; what each asks is told by `layouts/job_sheets`."""
    request.access.require("job_sheets.see")
    return answer({"layouts": [{"name": one.name, "label": one.label} for one in sheet_layouts()]})


@router.get(f"{HERE}/job-sheet", response=SheetOut, operation_id="job_sheets_get", summary="Read the job sheet")
def job_sheet(request: ApiRequest, organisation: Path[str], appointment_id: Path[UUID]) -> HttpResponse:
    return sheet_told(request, appointment_id)


@router.put(
    f"{HERE}/job-sheet",
    response=SheetOut,
    operation_id="job_sheets_fill",
    summary="Fill in the job sheet",
    openapi_extra=problems(409, 412, 428),
)
def fill(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: SheetIn,
    if_match: Annotated[
        str | None, Header(alias="If-Match", description="The ETag of the sheet as it was read.")
    ] = None,
) -> HttpResponse:
    """Save values; required fields may stay empty until the visit is completed."""
    version = expected_version(request, required=True)
    fill_job_sheet(request.access, appointment_at(request.access, appointment_id), data.values, version=version)
    return sheet_told(request, appointment_id)


@router.post(
    f"{HERE}/completion",
    response={201: AppointmentOut},
    operation_id="appointments_complete",
    summary="Mark an appointment as complete",
    tags=["Appointments"],
    openapi_extra=problems(409, 412),
)
def complete(
    request: ApiRequest,
    organisation: Path[str],
    appointment_id: Path[UUID],
    data: CompletionIn | None = None,
    if_match: Annotated[str | None, Header(alias="If-Match")] = None,
) -> HttpResponse:
    """Complete the visit; refused (422, job_sheet_incomplete) while required fields of its sheet are empty."""
    version = expected_version(request)
    appointment = appointment_at(request.access, appointment_id)
    complete_appointment(request.access, appointment, values=data.values if data else None, version=version)
    return told(request.access, appointment_id, 201)


def sheet_told(request: ApiRequest, appointment_id: UUID) -> HttpResponse:
    sheet = sheet_of(request.access, appointment_at(request.access, appointment_id))
    return answer(sheet_output(request.access, sheet), version=sheet.version)
