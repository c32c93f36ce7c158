"""What appointments look like over HTTP, for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.output import HIDDEN_WITH, PRICES
from carnet.base.api import left_out
from carnet.catalogue.api import TaxOut
from carnet.organisations.fields import may_be_hidden

StatusName = Literal["requested", "scheduled", "in_progress", "completed", "cancelled", "no_show"]


class VisitMemberOut(BaseModel):
    id: UUID
    name: str
    part: Literal["provides", "attends"]


class SoldAddOnOut(BaseModel):
    """An add-on as it was sold; `amount` as typed then."""

    model_config = left_out("amount")

    id: UUID
    name: str
    minutes: int
    amount: int


class SegmentOut(BaseModel):
    """One service of the visit, with its members and its price as sold."""

    model_config = left_out(*PRICES)

    service: UUID
    name: str
    start: datetime
    end: datetime
    duration: int
    members: list[VisitMemberOut]
    net: int
    taxes: list[TaxOut]
    total: int
    #: What was added to the service: `duration` and the price include it.
    add_ons: list[SoldAddOnOut]


class VisitCustomerOut(BaseModel):
    id: UUID
    name: str


class AppointmentOut(BaseModel):
    """A promise to a customer: one or more services in a row."""

    model_config = left_out(*may_be_hidden(APPOINTMENTS, HIDDEN_WITH), *PRICES)

    id: UUID
    version: int
    status: StatusName
    start: datetime
    end: datetime
    zone: str
    customer: VisitCustomerOut | None
    owner: UUID | None
    place: Literal["customer", "business"]
    address: str
    access_note: str
    note: str
    custom: dict[str, Any]
    segments: list[SegmentOut]
    total: int
    currency: str
    started_at: datetime | None
    ended_at: datetime | None
    created_at: datetime


class AppointmentsOut(BaseModel):
    appointments: list[AppointmentOut]
    next: UUID | None


class SlotOut(BaseModel):
    """A free start in the organisation's zone, and the ids of the members who can take it."""

    start: datetime
    members: list[UUID]


class SlotsOut(BaseModel):
    slots: list[SlotOut]


class RefusalOut(BaseModel):
    rule: str
    sentence: str


class RefusalsOut(BaseModel):
    """Whether this start can be booked; if not, every rule that says no, and free starts to take instead."""

    bookable: bool
    refusals: list[RefusalOut]
    alternatives: list[SlotOut]
