"""Booking: from any door, one action; the engine answers, the locks make it last, the database has the last word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.appointments.actions.new_visit import Booking, NewVisit, new_visit
from carnet.appointments.actions.segments import lock_resources
from carnet.appointments.availability import Ask, Known, load, next_slots
from carnet.appointments.errors import Alternative, BookingRefused
from carnet.appointments.fields import APPOINTMENTS
from carnet.appointments.models import Appointment
from carnet.appointments.refusals import alternatives, just_taken, minutes_text, refusal
from carnet.base.constraints import violated
from carnet.base.errors import Invalid
from carnet.base.unit_of_work import repeatable
from carnet.catalogue.models import Place
from carnet.customers.actions import NewAddress, NewCustomer, create_customer
from carnet.customers.actions.create import checked_address, save_address, write_lookup
from carnet.customers.fields import CUSTOMERS
from carnet.customers.lookup import clean
from carnet.customers.models import Address, Customer
from carnet.customisation.actions.keeping import judged
from carnet.customisation.built_in import require_filled
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.timetable import timetable_now
from carnet.scheduling import hours as wall
from carnet.scheduling.outside import OVERRIDABLE, choose_knowing
from carnet.scheduling.rules import Refusal
from carnet.scheduling.slots import Choice
from carnet.scheduling.spans import Span

#: Years between which zone rules and arithmetic can be relied on.
_EARLIEST, _LATEST = 1970, 2200


def book_appointment(access: Access, booking: Booking) -> Appointment:
    """Book the visit, or refuse with every reason and other free starts; a refusal has changed nothing.

    "Anyone" is the member with the least time held that day, then the first in the members' order; further
    services go to the same member if she can. Raises Invalid (a value that cannot be taken), BookingRefused or
    SlotTaken. What is booked `outside` the hours needs a permission of its own.
    """
    access.require("appointments.book")
    if booking.outside:
        access.require("appointments.book_outside")
    require_typed(access, booking)
    booking = checked(access, booking)
    # A first answer without any lock, so that most refusals cost nobody anything.
    known, choice = _first_answer(access, booking)
    try:
        if not choice.refusals:
            booked = _booked_at_once(access, booking, known, choice) or _booked(access, booking, known)
            if isinstance(booked, Appointment):
                return booked
            known, choice = booked
        # Told when the locks are free again: other starts are looked for.
        raise refused(access, booking, known, choice)
    except IntegrityError as error:
        if not _is_taken(error):
            raise
        raise just_taken(free_starts_instead(access, booking), access.organisation.zone) from None


def require_typed(access: Access, booking: Booking) -> None:
    """Raise FieldRefused for what is typed with the visit and may not be edited; a time is what every visit needs."""
    if booking.note:
        access.require_fields(APPOINTMENTS, ["note"])
    if isinstance(booking.address, NewAddress):
        named = ["address", *(["access_note"] if booking.address.access_note else [])]
        access.require_fields(CUSTOMERS, named)
        access.require_fields(APPOINTMENTS, named)
    if isinstance(booking.customer, NewCustomer):
        access.require_fields(CUSTOMERS, booking.customer.typed)


def checked(access: Access, booking: Booking) -> Booking:
    """Return the booking with place and address settled; raise Invalid beside the field that is missing or wrong."""
    if not booking.asks:
        raise Invalid(service=_("Choose a service."))
    if len(booking.asks) > 10:
        raise Invalid(service=_("A visit has at most ten services."))
    for ask in booking.asks:
        service = ask.service
        if not service.shortest <= ask.own_minutes <= service.longest or ask.length % 5:
            if not service.has_range:
                text = _("%(service)s lasts %(usual)s.") % {
                    "service": service.name,
                    "usual": minutes_text(service.usual),
                }
            else:
                text = _("%(service)s lasts from %(shortest)s to %(longest)s, in steps of five minutes.") % {
                    "service": service.name,
                    "shortest": minutes_text(service.shortest),
                    "longest": minutes_text(service.longest),
                }
            raise Invalid(duration=text)
    if sum(ask.length for ask in booking.asks) > 24 * 60:
        raise Invalid(duration=_("A visit lasts at most 24 hours."))
    if booking.start.second or booking.start.microsecond:
        raise Invalid(start=_("A visit starts at a whole minute."))
    if not _EARLIEST < booking.start.year < _LATEST:
        raise Invalid(start=_("This year is out of range."))
    if len(booking.note) > 2000:
        raise Invalid(note=_("This is longer than %(limit)d characters.") % {"limit": 2000})
    place = settled_place(booking)
    address = booking.address
    if isinstance(address, NewAddress):
        address = checked_address(address)
    elif place == Place.CUSTOMER and address is None:
        if isinstance(booking.customer, Customer):
            address = booking.customer.addresses.first()
        elif isinstance(booking.customer, NewCustomer) and booking.customer.addresses:
            address = checked_address(booking.customer.addresses[0])
        if address is None:
            raise Invalid(address=_("This visit takes place at the customer’s: type the address."))
    if isinstance(address, Address) and (
        not isinstance(booking.customer, Customer) or address.customer_id != booking.customer.pk
    ):
        raise Invalid(address=_("This address is not one of the customer’s."))
    filled = {"customer": booking.customer is not None, "note": bool(clean(booking.note))}
    require_filled(access, APPOINTMENTS, filled, layout="create")
    custom = judged(access, "appointments", booking.custom, layout="create")
    start = booking.start.astimezone(UTC)
    return replace(booking, start=start, place=place, address=address, note=clean(booking.note), custom=custom)


def places_of(asks: tuple[Ask, ...]) -> list[str]:
    """Return where all these services can take place: customer's, business, or both."""
    possible = {str(Place.BUSINESS), str(Place.CUSTOMER)}
    for ask in asks:
        if ask.service.place != Place.BOTH:
            possible &= {str(ask.service.place)}
    return sorted(possible)


def settled_place(booking: Booking) -> str:
    possible = places_of(booking.asks)
    if not possible:
        raise Invalid(service=_("These services do not take place at the same address; book them apart."))
    if booking.place:
        if booking.place not in possible:
            raise Invalid(place=_("This service does not take place there."))
        return booking.place
    if len(possible) > 1:
        raise Invalid(place=_("Choose where the visit takes place."))
    return possible[0]


def answer(access: Access, booking: Booking, *, fresh: bool = False) -> tuple[Known, Choice]:
    """Ask the engine who does it, or why it cannot be; see `load` for what is `fresh`."""
    zone = access.organisation.zone
    day = wall.day_span(wall.local(booking.start, zone).date, zone)
    known = load(access, booking.asks, day, recording=booking.recording, fresh=fresh)
    return known, _choice(booking, known)


def _first_answer(access: Access, booking: Booking) -> tuple[Known, Choice]:
    """Answer without locks: where nobody is to be chosen, from as little as a yes needs; only a no looks around."""
    if all(ask.member is not None for ask in booking.asks):
        visit = Span(booking.start, booking.start + timedelta(minutes=sum(ask.length for ask in booking.asks)))
        known = load(access, booking.asks, visit, recording=booking.recording, searching=True)
        choice = _choice(booking, known)
        if not choice.refusals:
            return known, choice
    return answer(access, booking)


def _choice(booking: Booking, known: Known) -> Choice:
    provider = resource_asked(known, booking.asks[0].member)
    return choose_knowing(known.question, booking.start, provider, booking.outside)


def refused(access: Access, booking: Booking, known: Known, choice: Choice) -> BookingRefused:
    """Return the refusal as it is told: with every reason, and other free starts."""
    outside = outside_instead(access, known, booking.start, resource_asked(known, booking.asks[0].member))
    return refusal(known, choice.refusals, booking.start, free_starts_instead(access, booking), outside)


def outside_instead(access: Access, known: Known, start: datetime, provider: int | None) -> tuple[Refusal, ...]:
    """Return the rules that the actor may override to have this start all the same; none where others say no too."""
    if not access.may("appointments.book_outside"):
        return ()
    return choose_knowing(known.question, start, provider, OVERRIDABLE).overridden


def resource_asked(known: Known, member: Member | None) -> int | None:
    """Return the resource of the member asked for; nobody's id (0) for one who may not provide, who is then refused."""
    if member is None:
        return None
    return known.resource_of.get(member.pk, 0)


def free_starts_instead(access: Access, booking: Booking) -> tuple[Alternative, ...]:
    known, slots = next_slots(access, booking.asks, booking.start)
    return alternatives(known, slots)


def _answer_under_lock(access: Access, booking: Booking, known: Known) -> tuple[Known, Choice]:
    """Lock, then look: hold whoever `known` depends on, and more if it has come to depend on others meanwhile."""
    held: set[int] = set()
    while True:
        held |= known.question.people.keys()
        lock_resources(held)
        known, choice = answer(access, booking, fresh=True)
        if known.question.people.keys() <= held:
            return known, choice


def _booked_at_once(access: Access, booking: Booking, known: Known, choice: Choice) -> Appointment | None:
    """Write the visit as it was answered without locks; return None where one has to lock, then look.

    Whose time is asked for leaves nothing to choose. What was read of the timetable holds as long as its stamp does;
    whether that time is still free, the database's own guard says to whoever writes the claim.
    """
    if any(ask.member is None for ask in booking.asks) or isinstance(booking.customer, NewCustomer):
        return None
    if isinstance(booking.address, NewAddress):
        return None
    # Made before anybody has to wait for it.
    visit = new_visit(access, booking, known, choice, booking.customer, booking.address)
    try:
        return visit.written() if _written_as_answered(access, known, visit) else None
    except IntegrityError as error:
        if _is_taken(error):
            return None
        raise


@repeatable
def _written_as_answered(access: Access, known: Known, visit: NewVisit) -> bool:
    # In the one order in which everybody waits, as for a look: the guard alone would deadlock under a race.
    lock_resources(known.question.people)
    if timetable_now(access.organisation) != known.timetable.stamp:
        return False
    visit.write()
    return True


@repeatable
def _booked(access: Access, booking: Booking, known: Known) -> Appointment | tuple[Known, Choice]:
    """Write the visit, or return the answer that refuses it after all; `known` tells whose locks to wait for."""
    known, choice = _answer_under_lock(access, booking, known)
    if choice.refusals:
        return known, choice
    customer = booking.customer
    if isinstance(customer, NewCustomer):
        customer = create_customer(access, customer)
    address = booking.address
    if isinstance(address, NewAddress):
        if customer is not None:
            address = save_address(access, customer, address, position=customer.addresses.count())
            write_lookup(access, customer)
        else:
            address = Address(
                street=address.street,
                postcode=address.postcode,
                city=address.city,
                access_note=address.access_note,
            )
    visit = new_visit(access, booking, known, choice, customer, address)
    visit.write()
    return visit.written()


def _is_taken(error: IntegrityError) -> bool:
    return violated(error) == "claim_no_overlap"
