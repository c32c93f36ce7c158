"""The day: home of the product, drawn on a grid or as a list, with a sheet beside it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from carnet.desk.forms.day import DateForm, date_text
from carnet.desk.queries.day import Day, day_of, first_open_day, landing, today
from carnet.desk.sheets import date_asked, etag_of, private, unchanged, wants_fragment
from carnet.organisations.requests import OrganisationRequest
from carnet.scheduling.hours import NoSuchTime

_NO_ID = UUID(int=0)


@require_GET
def home(request: OrganisationRequest) -> HttpResponse:
    """Open the place where this member's work is: the first open day, or the member's own visits."""
    if "date" in request.GET:
        return _go_to(request)
    if (place := landing(request.access)) != "home":
        return redirect(place)
    return day_page(request)


@require_GET
def day(request: OrganisationRequest, on: date) -> HttpResponse:
    return _answer(request, on, view="day")


@require_GET
def day_list(request: OrganisationRequest, on: date) -> HttpResponse:
    return _answer(request, on, view="day_list")


def day_page(
    request: OrganisationRequest,
    on: date | None = None,
    *,
    view: str = "day",
    form: DateForm | None = None,
    sheet_template: str = "",
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page of a day; `sheet_template`, drawn with `context`, lies open beside it."""
    context = dict(context or {})
    drawn = _drawn(request, on or _day_asked(request), view=view, form=form, keep=_booking_state(context))
    if sheet_template:
        drawn["sheet_fragment"] = mark_safe(render_to_string(sheet_template, context, request))
    return private(render(request, "desk/day/page.html", drawn, status=status))


def _answer(request: OrganisationRequest, on: date, *, view: str) -> HttpResponse:
    if not wants_fragment(request):
        return day_page(request, on, view=view)
    drawn = _drawn(request, on, view=view)
    return unchanged(request, drawn["etag"]) or _fragment(request, drawn)


def _fragment(request: OrganisationRequest, drawn: dict[str, Any], status: int = 200) -> HttpResponse:
    response = render(request, "desk/day/_day.html", {**drawn, "is_fragment": True}, status=status)
    if status == 200:
        response["ETag"] = drawn["etag"]
    return private(response)


def _go_to(request: OrganisationRequest) -> HttpResponse:
    """Go to the typed day, or stay on the one the reader stands on and say what is wrong with what was typed."""
    view = "day_list" if request.GET.get("view") == "list" else "day"
    form = DateForm(request.GET, near=today(request.access))
    if form.is_valid():
        on = form.cleaned_data["date"]
        if wants_fragment(request):
            drawn = _drawn(request, on, view=view)
            response = _fragment(request, drawn)
            response["HX-Push-Url"] = drawn["address"]
            return response
        return HttpResponseRedirect(reverse(view, args=[on]) + _suffix(request))
    on = form.cleaned_data.get("day") or first_open_day(request.access)
    if wants_fragment(request):
        return _fragment(request, _drawn(request, on, view=view, form=form), status=422)
    return day_page(request, on, view=view, form=form, status=422)


def _suffix(request: OrganisationRequest) -> str:
    """Return what addresses of other days keep of this one's: the member that a narrow screen shows."""
    member = request.GET.get("member", "")
    return "?" + urlencode({"member": member}) if member else ""


def _day_asked(request: OrganisationRequest) -> date:
    return date_asked(request.GET) or first_open_day(request.access)


def _booking_state(context: Mapping[str, Any]) -> str:
    """Return what the sheet knows of a booking, as a query string, "" if it knows nothing."""
    state = context.get("booking")
    return state if isinstance(state, str) else ""


def _drawn(
    request: OrganisationRequest, on: date, *, view: str, form: DateForm | None = None, keep: str = ""
) -> dict[str, Any]:
    """Return all that the day's templates draw."""
    try:
        seen: Day = day_of(request.access, on)
    except (NoSuchTime, OverflowError):
        raise Http404 from None
    chosen = _chosen_member(request, seen)
    if form is None:
        form = DateForm(near=seen.today, initial={"date": date_text(on)})
    suffix = _suffix(request) if request.GET.get("member") == chosen else ""
    return {
        "day": seen,
        "iso_day": on.isoformat(),
        "view": view,
        "is_list": view == "day_list",
        "chosen": chosen,
        "date_form": form,
        "suffix": suffix,
        "address": reverse(view, args=[on]) + suffix,
        "booking_state": keep,
        "booking_address": reverse("booking"),
        # One address for hundreds of visits: its id is put between what stands before and after it.
        "visit_address": reverse("appointment", args=[_NO_ID]).split(str(_NO_ID)),
        "etag": etag_of(seen, view, chosen),
    }


def _chosen_member(request: OrganisationRequest, seen: Day) -> str:
    """Return whose column a narrow screen shows: the one asked for, one's own, or the first."""
    columns = {str(column.member): column for column in seen.columns}
    asked = request.GET.get("member", "")
    own = next((key for key, column in columns.items() if column.is_own), "")
    return asked if asked in columns else own or next(iter(columns), "")
