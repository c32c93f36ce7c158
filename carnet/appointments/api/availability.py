"""Free starts, and why a start is not one of them."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Path, Query, Router

from carnet.appointments.actions import Booking
from carnet.appointments.actions.book import answer as ask_engine
from carnet.appointments.actions.book import refused
from carnet.appointments.api.asking import ask_of, range_asked, start_asked
from carnet.appointments.api.shapes import RefusalsOut, SlotsOut
from carnet.appointments.availability import Known, slots
from carnet.base.api import Day, Id, Minutes, Moment, answer
from carnet.organisations.tokens import ApiRequest
from carnet.scheduling.hours import to_zone
from carnet.scheduling.seconds import at_seconds
from carnet.scheduling.slots import Slot

router = Router(tags=["Availability"])

AddOns = Annotated[
    list[Id],
    Query(description="The service's add-ons that are to be had with it; they lengthen the visit.", max_length=20),
]


@router.get("/availability", response=SlotsOut, operation_id="availability_search", summary="List free starts")
def availability(
    request: ApiRequest,
    organisation: Path[str],
    service: Id,
    first: Annotated[Day, Query(alias="from", description="The first day, in the organisation's zone.")],
    last: Annotated[Day, Query(alias="to", description="The last day; at most 62 days in all.")],
    member: Annotated[Id | None, Query(description="Only this member; anyone if left out.")] = None,
    duration: Annotated[
        Minutes | None, Query(description="Minutes without add-ons; the usual length if left out.")
    ] = None,
    add_on: AddOns = [],  # noqa: B006 – read only
) -> HttpResponse:
    """Return every start that can be booked, in order; what is listed here, booking accepts."""
    range_asked(first, last)
    ask = ask_of(request.access, service, member, duration, add_on, called="add_on")
    known, found = slots(request.access, [ask], first, last)
    return answer({"slots": slots_output(known, found)})


def slots_output(known: Known, slots: list[Slot]) -> list[dict[str, Any]]:
    """Return slots as they are told outside: there are thousands of them."""
    zone = known.question.zone
    names = {pk: str(member.public_id) for pk, member in known.members.items()}
    return [{"start": _start_told(slot.start, zone), "members": [names[pk] for pk in slot.providers]} for slot in slots]


@lru_cache(maxsize=20_000)
def _start_told(seconds: int, zone: str) -> str:
    # Searches of the coming weeks tell the same quarters of an hour over and over.
    return to_zone(at_seconds(seconds), zone).isoformat()


@router.get(
    "/availability/refusals",
    response=RefusalsOut,
    operation_id="availability_refusals",
    summary="Tell why a start is not free",
)
def refusals(
    request: ApiRequest,
    organisation: Path[str],
    service: Id,
    start: Moment,
    member: Id | None = None,
    duration: Minutes | None = None,
    add_on: AddOns = [],  # noqa: B006 – read only
) -> HttpResponse:
    ask = ask_of(request.access, service, member, duration, add_on, called="add_on")
    at: datetime = start_asked(request.access, start)
    booking = Booking(asks=(ask,), start=at)
    known, choice = ask_engine(request.access, booking)
    if choice.refusals:
        return answer({"bookable": False, **refused(request.access, booking, known, choice).detail()})
    return answer({"bookable": True, "refusals": [], "alternatives": []})
