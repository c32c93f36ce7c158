"""What is asked for, and the visit that it becomes: all of its rows, made before anybody waits for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from carnet.appointments.actions.segments import NewParts, new_parts
from carnet.appointments.availability import Ask, Known
from carnet.appointments.facts import facts_of
from carnet.appointments.models import Appointment, Status
from carnet.base.inserting import Naming, NewRows, new_row
from carnet.catalogue.models import Place
from carnet.customers.actions import NewAddress, NewCustomer
from carnet.customers.models import Address, Customer
from carnet.customisation.actions.files import files_in, hold_files
from carnet.customisation.actions.keeping import copies
from carnet.customisation.queries import current_layout, fields_of
from carnet.organisations.access import Access
from carnet.organisations.activity import entry
from carnet.outbox.actions import announcement
from carnet.scheduling.slots import Choice


@dataclass(frozen=True)
class Booking:
    """What the booker asks for: one or more services in a row, from `start` on (aware)."""

    asks: tuple[Ask, ...]
    start: datetime
    customer: Customer | NewCustomer | None = None
    place: str = ""
    address: Address | NewAddress | None = None
    note: str = ""
    public_id: UUID | None = None
    #: Values of the organisation's own fields by key ("f12"), as typed; once the booking is checked, as kept.
    custom: Mapping[str, Any] | None = None
    #: A visit that has already taken place, entered for the record.
    recording: bool = False
    #: The rules about hours that may say no, since the booker knows that they do: see `carnet.scheduling.outside`.
    outside: Collection[str] = ()


@dataclass(frozen=True)
class NewVisit:
    """A visit that is about to be written, with what the history and the customer are told of it."""

    appointment: Appointment
    parts: NewParts
    rows: NewRows
    access: Access
    files: Mapping[str, int]

    def write(self) -> None:
        """Write all of it, inside the unit of work that holds the locks."""
        self.rows.write()
        hold_files(self.access, self.files, {}, self.appointment.pk)

    def written(self) -> Appointment:
        """Return the visit once it is written, knowing its parts, so that it is told without being read again."""
        self.parts.remember(self.appointment)
        return self.appointment


def overridden_told(choice: Choice) -> dict[str, list[Any]]:
    """Return what the history is told of hours that were overridden; nothing where none were."""
    return {"outside_hours": [None, [one.rule for one in choice.overridden]]} if choice.overridden else {}


def new_visit(
    access: Access,
    booking: Booking,
    known: Known,
    choice: Choice,
    customer: Customer | None,
    address: Address | None,
) -> NewVisit:
    """Return the visit that the answer allows, for a customer and at an address that are known by now."""
    at_customer = booking.place == Place.CUSTOMER
    providers = [known.members[pk] for pk in choice.people]
    prices = [
        known.timetable.price(access.organisation, ask.service.pk, ask.own_minutes, provider, ask.extras)
        for ask, provider in zip(booking.asks, providers, strict=True)
    ]
    appointment = new_row(
        Appointment,
        organisation=access.organisation,
        owner=access.member,
        customer=customer,
        status=Status.SCHEDULED,
        starts_at=booking.start,
        ends_at=booking.start + timedelta(minutes=sum(ask.length for ask in booking.asks)),
        zone=access.organisation.zone,
        place=booking.place,
        address=str(address) if at_customer and address else access.organisation.address,
        access_note=address.access_note if at_customer and address else "",
        note=booking.note,
        custom=dict(booking.custom or {}),
        currency=access.organisation.currency,
        total=sum(price.total for price in prices),
        created_at=access.now,
    )
    if booking.public_id is not None:
        appointment.public_id = booking.public_id
    held = [(person, *step.attendees) for person, step in zip(choice.people, known.question.steps, strict=True)]
    parts = new_parts(appointment, booking.asks, prices, providers, held)
    recipient, facts = facts_of(access, appointment, parts.segments)
    told = [
        entry(
            access,
            "appointment.booked",
            appointment,
            changes={"start": [None, booking.start.isoformat()], **overridden_told(choice)},
        ),
        announcement(access, "appointment_booked", appointment, recipient=recipient, facts=facts),
    ]
    copied = copies(access, "appointments", appointment.custom, "create")
    rows = NewRows(
        [appointment, *parts.rows, *told, *copied],
        [
            *(Naming(row, "subject_id", appointment) for row in told),
            *(Naming(row, "record", appointment) for row in copied),
        ],
    )
    files: Mapping[str, int] = {}
    if appointment.custom:
        files = files_in(fields_of(current_layout(access, "appointments", "create").document), appointment.custom)
    return NewVisit(appointment, parts, rows, access, files)
