"""The booking panel: one form that forgets nothing it knows, and the visit that comes of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from carnet.appointments.actions import Booking, book_appointment
from carnet.appointments.errors import BookingRefused
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.base.errors import Invalid
from carnet.customers.actions import NewCustomer
from carnet.customers.fields import CUSTOMERS
from carnet.customers.queries import lookup
from carnet.customisation.built_in import is_demanded, stands
from carnet.customisation.predefined import STANDARD
from carnet.desk.forms.own_fields import OwnFields
from carnet.desk.queries.booking import Panel, StartChoice, booking_panel
from carnet.desk.queries.draft import Draft, read_draft
from carnet.desk.sheets import day_changed, private, see_other, sheet, wants_fragment
from carnet.desk.views.outside import may_outside, offer, overridden, with_time_typed
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest
from carnet.scheduling import hours as wall


@require_http_methods(["GET", "POST"])
def panel(request: OrganisationRequest) -> HttpResponse:
    """Draw the panel for what is known; POST (a change inside it) draws it anew and changes nothing."""
    request.access.require("appointments.book")
    data = with_time_typed(request.access, request.POST if request.method == "POST" else request.GET)
    draft = read_draft(request.access, data)
    return _draw(request, data, draft, whole=request.method == "GET")


@require_POST
def create(request: OrganisationRequest) -> HttpResponse:
    """Book the visit of the panel; the same panel sent twice books once."""
    access = request.access
    access.require("appointments.book")
    data = with_time_typed(access, request.POST)
    draft = read_draft(access, data)
    booked = _booked_before(request, draft)
    if booked is None:
        try:
            booked = book_appointment(access, _booking(request, draft, own_fields(request, data), overridden(data)))
        except Invalid as error:
            return _draw(request, data, draft, errors=error.errors, status=422)
        except (BookingRefused, IntegrityError) as error:
            # A double click sends the panel twice at once: the slot may have been lost to oneself.
            booked = _booked_before(request, draft)
            if booked is None and isinstance(error, BookingRefused):
                return _draw(request, data, draft, refusal=error, status=409)
            if booked is None:
                raise
    if wants_fragment(request):
        from carnet.desk.views.appointments import appointment_sheet

        response = appointment_sheet(request, booked, toast=_("The appointment is booked."))
        response["HX-Retarget"], response["HX-Reswap"] = "#sheet", "innerHTML"
        response["HX-Push-Url"] = reverse("appointment", args=[booked.public_id])
        return day_changed(response)
    messages.success(request, _("The appointment is booked."))
    return see_other(reverse("appointment", args=[booked.public_id]))


def _booked_before(request: OrganisationRequest, draft: Draft) -> Appointment | None:
    """Return the visit that this very panel has booked already, if it has."""
    return request.access.visible(Appointment.objects.filter(public_id=draft.public_id)).first()


@dataclass(frozen=True)
class Own:
    """What an organisation asks in fields of its own: of the visit, and of a customer who is new with it."""

    visit: OwnFields
    customer: OwnFields

    def refused(self, errors: dict[str, str]) -> dict[str, str]:
        return self.visit.refused(self.customer.refused(errors))


def own_fields(request: OrganisationRequest, data: QueryDict) -> Own:
    return Own(
        OwnFields(request.access, APPOINTMENTS, layout="create", data=data),
        OwnFields(request.access, CUSTOMERS, data=data, only_required=True),
    )


def _booking(request: OrganisationRequest, draft: Draft, own: Own, outside: Collection[str]) -> Booking:
    """Return what the draft asks for; raise Invalid beside the field that is missing."""
    access = request.access
    if not draft.asks:
        raise Invalid(service=_("Choose a service."))
    who = draft.who()
    if isinstance(who, NewCustomer):
        who = replace(who, custom=own.customer.custom)
    if who is None and not (draft.now or draft.passer_by):
        raise Invalid(who=_("Say for whom: find the customer, type a name or a number, or choose a passer-by."))
    start = _next_minute(access.now) if draft.now else draft.start
    if start is None:
        raise Invalid(start=_("Choose one of the free times."))
    return Booking(
        asks=draft.asks,
        start=start,
        customer=who,
        place=draft.place,
        address=draft.where(),
        note=draft.note,
        custom=own.visit.custom,
        public_id=draft.public_id,
        outside=outside,
    )


def _next_minute(now: datetime) -> datetime:
    """Return the next whole minute: a walk-in starts off the grid, but not in the past."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _draw(
    request: OrganisationRequest,
    data: QueryDict,
    draft: Draft,
    *,
    whole: bool = False,
    errors: dict[str, str] | None = None,
    refusal: BookingRefused | None = None,
    status: int = 200,
) -> HttpResponse:
    access = request.access
    access.require("appointments.book")
    who = data.get("who", "").strip()[:300]
    shown = booking_panel(access, draft)
    own = own_fields(request, data)
    errors = own.refused(errors or {})
    if "customer" in errors:
        errors = {**errors, "who": errors["customer"]}
    zone = access.organisation.zone
    context = {
        "panel": shown,
        "draft": draft,
        "who": who,
        "who_found": lookup(access, who) if who and draft.customer is None else [],
        "own": own.visit,
        "own_of_customer": own.customer,
        "laid_out": _laid_out(access),
        "errors": errors,
        "refusal": refusal,
        "alternatives": _alternatives(shown, refusal),
        "may_outside": may_outside(access),
        "outside": offer(refusal, draft.start or _next_minute(access.now)),
        "booking_url": reverse("booking"),
        "booking": urlencode(_state(data)),
        "close_url": reverse("home"),
    }
    day = wall.local(draft.start, zone).date if draft.start else draft.day
    if wants_fragment(request) and not whole:
        return private(render(request, "desk/booking/_form.html", context, status=status))
    return sheet(request, "desk/booking/_booking.html", context, day=day, status=status)


def _laid_out(access: Access) -> dict[str, dict[str, bool]]:
    """Return which built-in fields the layouts have the panel ask, and which of them they demand."""
    laid_out = {
        "customer": (APPOINTMENTS, "create"),
        "note": (APPOINTMENTS, "create"),
        "email": (CUSTOMERS, STANDARD),
    }
    return {
        "asks": {key: stands(access, module, key, layout=layout) for key, (module, layout) in laid_out.items()},
        "demands": {key: is_demanded(access, module, key, layout=layout) for key, (module, layout) in laid_out.items()},
    }


def _alternatives(panel: Panel, refusal: BookingRefused | None) -> list[StartChoice]:
    if refusal is None:
        return []
    length = timedelta(minutes=panel.minutes)
    return [
        StartChoice(other.start, other.start + length, (), chosen=False, ambiguous=False)
        for other in refusal.alternatives
    ]


def _state(data: QueryDict) -> list[tuple[str, str]]:
    """Return what the panel knows as pairs of an address, without what belongs to one press of a button."""
    left_out = {
        "csrfmiddlewaretoken",
        "add",
        "drop",
        "page",
        "now",
        "who",
        "other_customer",
        "member",
        "start",
        "outside",
        "other_time",
        "day",
        "id",
    }
    return [(key, value) for key, values in data.lists() if key not in left_out for value in values if value]
