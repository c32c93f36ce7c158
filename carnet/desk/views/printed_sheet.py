"""A job sheet on paper."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carnet.desk.queries.appointments import visit_of
from carnet.desk.queries.printed_sheet import printed_sections
from carnet.desk.sheets import private
from carnet.desk.views.appointments import appointment_of
from carnet.jobsheets.queries import sheet_of
from carnet.organisations.requests import OrganisationRequest


@require_GET
def printed_sheet(request: OrganisationRequest, appointment_id: UUID) -> HttpResponse:
    """The sheet as it was filled in, by itself on a page; a blank one to be filled in by hand."""
    access = request.access
    found = appointment_of(request, appointment_id)
    kept = sheet_of(access, found)
    visit = visit_of(access, found)
    context = {
        "visit": visit,
        "appointment": visit.appointment,
        "job_sheet": kept,
        "sections": printed_sections(access, kept),
    }
    return private(render(request, "desk/job_sheet/printed.html", context))
