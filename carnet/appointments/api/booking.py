"""Booking over HTTP: the same action as behind every other door, once for each Idempotency-Key."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import orjson
from django.db import IntegrityError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import Header, Path
from pydantic import Field

from carnet.appointments.actions import Booking, book_appointment
from carnet.appointments.api.asking import ask_of, start_asked
from carnet.appointments.api.reading import router
from carnet.appointments.api.shapes import AppointmentOut
from carnet.appointments.output import appointment_output
from carnet.base.api import Custom, Id, Input, Key, Minutes, Moment, Text, answer, id_taken, problems
from carnet.base.errors import Invalid
from carnet.customers.api import AddressIn, CustomerIn, address_asked, customer_asked
from carnet.organisations.access import Access
from carnet.organisations.idempotency import once
from carnet.organisations.tokens import ApiRequest
from carnet.scheduling.outside import OVERRIDABLE

AddOns = Annotated[list[Id], Field(max_length=20)]


class FurtherIn(Input):
    """One more service of the same visit, right after the one before; by the same member if nobody is named."""

    service: Id
    member: Id | None = None
    #: Without its add-ons, which lengthen it.
    duration: Minutes | None = None
    add_ons: AddOns = []


class BookingIn(Input):
    """A visit: who, what, when; anyone who is free if no member is named."""

    id: Id | None = None
    customer: Id | None = None
    #: Instead of `customer`: someone who is not known yet, created together with the visit.
    new_customer: CustomerIn | None = None
    service: Id
    start: Moment
    member: Id | None = None
    #: Without its add-ons, which lengthen it.
    duration: Minutes | None = None
    add_ons: AddOns = []
    further: Annotated[list[FurtherIn], Field(max_length=9)] = []
    #: Needed where the service takes place at either.
    place: Literal["customer", "business"] | None = None
    #: One of the customer's addresses; the first if left out.
    address: Id | None = None
    new_address: AddressIn | None = None
    note: Text = ""
    custom: Custom | None = None
    #: Override the hours of business, service and member; needs the right to, and overrides nothing else.
    outside_hours: bool = False


@router.post(
    "/appointments",
    response={201: AppointmentOut},
    operation_id="appointments_book",
    summary="Book an appointment",
    openapi_extra=problems(409),
)
def book(
    request: ApiRequest,
    organisation: Path[str],
    data: BookingIn,
    idempotency_key: Annotated[
        Key | None,
        Header(alias="Idempotency-Key", description="Sent again with the same body, the request has one effect."),
    ] = None,
) -> HttpResponse:
    """Book, or refuse with every reason and other free starts (409); a refusal has changed nothing."""
    access = request.access
    access.require("appointments.book")

    def booked() -> tuple[int, dict[str, Any]]:
        try:
            appointment = book_appointment(access, booking_of(access, data))
        except IntegrityError as error:
            raise id_taken(error) from None
        return 201, appointment_output(access, appointment)

    def kept() -> tuple[int, dict[str, Any]]:
        status, told = booked()
        # As plain as it will be stored, so that a repeated request reads the very same.
        return status, orjson.loads(orjson.dumps(told))

    if idempotency_key is None:
        status, told = booked()
    else:
        status, told = once(access, "appointments_book", idempotency_key, data.model_dump(mode="json"), kept)
    return answer(told, status, version=told["version"])


def booking_of(access: Access, data: BookingIn) -> Booking:
    """Return what is asked for; raises Invalid beside the field that names nothing or says two things."""
    if data.customer and data.new_customer:
        raise Invalid(new_customer=_("Send either the customer’s id or a new customer."))
    if data.address and data.new_address:
        raise Invalid(new_address=_("Send either the address’s id or a new address."))
    asks = [ask_of(access, data.service, data.member, data.duration, data.add_ons)]
    for index, more in enumerate(data.further):
        within = f"further.{index}."
        asks.append(ask_of(access, more.service, more.member, more.duration, more.add_ons, within=within))
    customer = customer_asked(access, data.customer) if data.customer else None
    new_customer = data.new_customer.typed() if data.new_customer else None
    address = address_asked(access, data.address) if data.address else None
    new_address = data.new_address.typed() if data.new_address else None
    return Booking(
        asks=tuple(asks),
        start=start_asked(access, data.start),
        customer=customer or new_customer,
        place=data.place or "",
        address=address or new_address,
        note=data.note,
        public_id=data.id,
        custom=data.custom,
        outside=OVERRIDABLE if data.outside_hours else (),
    )
