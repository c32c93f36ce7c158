"""One's own day: made for a phone in one hand, between two customers."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from carnet.desk.queries.appointments import my_day
from carnet.desk.sheets import date_asked, private
from carnet.organisations.requests import OrganisationRequest
from carnet.scheduling.hours import NoSuchTime


@require_GET
def my_day_page(request: OrganisationRequest) -> HttpResponse:
    """The reader's own visits of the day that `?day=` names, today if it names none."""
    try:
        seen = my_day(request.access, date_asked(request.GET))
    except (NoSuchTime, OverflowError):
        raise Http404 from None
    return private(render(request, "desk/my_day/page.html", {"my_day": seen}))
