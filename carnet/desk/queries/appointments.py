"""Reading visits for the screens: one visit with its history, and the visits of one's own day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carnet.appointments.actions.reopen import is_own_and_recent
from carnet.appointments.fields import APPOINTMENTS, shown
from carnet.appointments.models import FINAL, Appointment, Reason, Status
from carnet.appointments.refusals import moment_text
from carnet.base.money import Price, TaxLine
from carnet.catalogue.fields import may_read_prices
from carnet.catalogue.models import Place
from carnet.customers.models import Contact
from carnet.customisation.built_in import stands
from carnet.customisation.predefined import layout_names
from carnet.customisation.showing import Told, told_fields
from carnet.desk.queries.happened import Happened, whence_text, who_text
from carnet.desk.queries.told_with_visits import told_beside
from carnet.jobsheets.models import JobSheet
from carnet.organisations.access import Access
from carnet.organisations.models import Activity
from carnet.scheduling import hours as wall

#: Older visits that nobody closed are the business of the reports, not of somebody's day.
FORGOTTEN = timedelta(days=60)


def visible_appointments(access: Access) -> QuerySet[Appointment]:
    """Return the visits this reader may see, with what every screen shows of them."""
    access.require("appointments.see")
    found = access.visible(Appointment.objects.select_related("customer", "owner", "job_sheet"))
    return found.prefetch_related(
        "segments__service", "segments__segment_members__member", "customer__contacts", "endings"
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One service of a visit, as sold."""

    service: str
    hue: int
    starts_at: datetime
    ends_at: datetime
    minutes: int
    provided_by: tuple[str, ...]
    attended_by: tuple[str, ...]
    #: None, as the price of the visit, for whoever may not see prices.
    total: int | None


@dataclass(frozen=True, slots=True)
class Possible:
    """What this reader may do with the visit now."""

    start: bool = False
    complete: bool = False
    move: bool = False
    cancel: bool = False
    no_show: bool = False
    undo: bool = False
    reopen: bool = False

    @property
    def anything(self) -> bool:
        return self.start or self.complete or self.move or self.cancel or self.no_show or self.undo or self.reopen


@dataclass(frozen=True)
class Visit:
    """A visit as its sheet and one's own day show it."""

    appointment: Appointment
    state: str
    parts: tuple[Part, ...]
    price: Price | None
    possible: Possible
    sheet_shown: bool = False
    sheet_demanded: bool = False
    sheet: JobSheet | None = None
    #: Fields of the organisation's own, as far as they show where it is drawn.
    told: Sequence[Told] = ()
    #: "" also where the layout has no note.
    note: str = ""
    may_edit: bool = False

    @property
    def services(self) -> str:
        return ", ".join(part.service for part in self.parts)

    @property
    def members(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.provided_by))

    @property
    def attendees(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.attended_by))

    @property
    def minutes(self) -> int:
        return sum(part.minutes for part in self.parts)

    @property
    def at_customer(self) -> bool:
        return self.appointment.place == Place.CUSTOMER

    @property
    def map_url(self) -> str:
        """Return where the visit's address is looked up on a map, "" at the business itself."""
        if not (self.at_customer and self.appointment.address):
            return ""
        return "https://www.openstreetmap.org/search?" + urlencode({"query": self.appointment.address})

    @property
    def phones(self) -> list[Contact]:
        customer = self.appointment.customer
        return [one for one in customer.contacts.all() if one.kind == Contact.Kind.PHONE] if customer else []

    @property
    def emails(self) -> list[Contact]:
        customer = self.appointment.customer
        return [one for one in customer.contacts.all() if one.kind == Contact.Kind.EMAIL] if customer else []


def state_of(access: Access, appointment: Appointment) -> str:
    """Return the visit's status, or "to_close" for one that should have ended by now."""
    unfinished = appointment.status in (Status.SCHEDULED, Status.IN_PROGRESS)
    return "to_close" if unfinished and appointment.ends_at <= access.now else appointment.status


def possible_for(access: Access, appointment: Appointment) -> Possible:
    """Return the actions to offer: what the reader's profile permits and the visit's state allows."""
    status = appointment.status
    zone = appointment.zone
    on_its_day = wall.local(access.now, zone).date == wall.local(appointment.starts_at, zone).date
    begun = status == Status.IN_PROGRESS or (status == Status.SCHEDULED and appointment.starts_at <= access.now)
    may_close = access.may("appointments.close")
    may_move = access.may("appointments.move") and access.may_edit_field(APPOINTMENTS, "time")
    # It is never reopened without saying why.
    may_reopen = access.may("appointments.reopen") and access.may_edit_field(APPOINTMENTS, "reason")
    last = next((ending for ending in appointment.endings.all() if ending.undone_at is None), None)
    undoable = status in FINAL and last is not None and is_own_and_recent(access, last)
    return Possible(
        start=may_close and status == Status.SCHEDULED and on_its_day,
        complete=may_close and begun,
        move=may_move and status in (Status.REQUESTED, Status.SCHEDULED),
        cancel=access.may("appointments.cancel") and status in (Status.REQUESTED, Status.SCHEDULED),
        no_show=may_close and status == Status.SCHEDULED and appointment.starts_at <= access.now,
        undo=may_close and undoable,
        reopen=status in FINAL and not undoable and may_reopen,
    )


def visit_of(access: Access, appointment: Appointment, *, place: str = "page") -> Visit:
    """Return one visit of `visible_appointments` as its screens draw it for this reader, on its "page" or "phone"."""
    appointment = shown(access, appointment)
    priced = may_read_prices(access)
    parts = tuple(
        Part(
            service=segment.sold_as,
            hue=segment.service.hue % 8 + 1,
            starts_at=segment.starts_at,
            ends_at=segment.ends_at,
            minutes=segment.minutes,
            provided_by=tuple(row.member.name for row in segment.segment_members.all() if row.part == "provides"),
            attended_by=tuple(row.member.name for row in segment.segment_members.all() if row.part == "attends"),
            total=segment.total if priced else None,
        )
        for segment in appointment.segments.all()
    )
    prices = [
        Price(
            segment.net,
            tuple(TaxLine(tax["name"], tax["rate"], tax["amount"]) for tax in segment.taxes),
            segment.total,
            appointment.currency,
        )
        for segment in appointment.segments.all()
    ]
    sheets_shown = access.may("job_sheets.see")
    asked = any(segment.service.asks_job_sheet for segment in appointment.segments.all())
    return Visit(
        appointment=appointment,
        state=state_of(access, appointment),
        parts=parts,
        price=sum(prices, start=Price(0, (), 0, appointment.currency)) if priced else None,
        possible=possible_for(access, appointment),
        sheet_shown=sheets_shown and appointment.status not in (Status.CANCELLED, Status.NO_SHOW),
        sheet_demanded=sheets_shown and asked,
        sheet=getattr(appointment, "job_sheet", None) if sheets_shown else None,
        may_edit=access.may("appointments.move"),
        note=appointment.note if stands(access, APPOINTMENTS, "note", layout="create") else "",
        told=[
            one
            for layout in layout_names(APPOINTMENTS)
            for one in told_fields(
                access, APPOINTMENTS, appointment.custom, place, layout=layout, zone=appointment.zone
            )
        ]
        + (_told_on_phone(access, appointment) if place == "phone" else []),
    )


def _told_on_phone(access: Access, appointment: Appointment) -> list[Told]:
    customer = appointment.customer.custom if appointment.customer else {}
    services = [segment.service.custom for segment in appointment.segments.all()]
    return told_beside(access, "phone", customer, services, zone=appointment.zone)


def history_of(access: Access, appointment: Appointment, rows: Iterable[Activity]) -> list[Happened]:
    """Return what happened to the visit in words."""
    moves = {move.at: move for move in appointment.moves.all()}
    endings = {ending.at: ending for ending in appointment.endings.all()}
    zone, reads_notes = appointment.zone, access.may_read_field(APPOINTMENTS, "reason")
    told = []
    for row in rows:
        note = ""
        match row.kind:
            case "appointment.moved" if row.at in moves:
                move = moves[row.at]
                sentence = _moved(move.from_starts_at, move.to_starts_at, move.reason, zone)
                if move.from_members != move.to_members:
                    note = " → ".join(", ".join(names) for names in (move.from_members, move.to_members))
                note = " · ".join(filter(None, (note, move.note)))
            case "appointment.cancelled" if row.at in endings:
                by_team = endings[row.at].reason == Reason.TEAM
                sentence = _("Cancelled by the team") if by_team else _("Cancelled by the customer")
                note = endings[row.at].note
            case "appointment.no_show":
                sentence = _("The customer did not come")
                note = endings[row.at].note if row.at in endings else ""
            case "appointment.reopened":
                sentence, note = _("Reopened"), str(row.changes.get("reason", [None, ""])[1] or "")
            case _:
                sentence = _SENTENCES.get(row.kind, _plain)()
        note = note if reads_notes else ""
        if row.changes.get("outside_hours"):
            sentence = _("%(what)s, outside the hours") % {"what": sentence}
        told.append(Happened(row.at, sentence, who_text(row), note, whence=whence_text(access, row)))
    return told


def _moved(before: datetime, after: datetime, reason: str, zone: str) -> str:
    said = {"before": moment_text(before, zone), "after": moment_text(after, zone)}
    if reason == Reason.TEAM:
        return _("Moved by the team from %(before)s to %(after)s") % said
    return _("Moved by the customer from %(before)s to %(after)s") % said


def _plain() -> str:
    return _("Changed")


_SENTENCES = {
    "appointment.edited": lambda: _("Details edited"),
    "appointment.booked": lambda: _("Booked"),
    "appointment.started": lambda: _("Started"),
    "appointment.completed": lambda: _("Marked as complete"),
    "appointment.cancelled": lambda: _("Cancelled"),
    "appointment.owner_changed": lambda: _("Appointment given to another owner"),
    "appointment.undone": lambda: _("The last action was taken back"),
}


@dataclass(frozen=True)
class MyDay:
    """One's own visits of a local day, in order; the past ones that nobody closed stand apart."""

    on: date
    today: date
    next: Visit | None
    visits: Sequence[Visit]
    to_close: Sequence[Visit] = ()

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def before(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def after(self) -> date:
        return self.on + timedelta(days=1)


def my_day(access: Access, on: date | None = None) -> MyDay:
    """Return the reader's own visits of the local day `on` (today if not said), whatever else she may see.

    Raises NoSuchTime for a day that the zone left out.
    """
    zone = access.organisation.zone
    today = wall.local(access.now, zone).date
    on = on or today
    span = wall.day_span(on, zone)
    own = visible_appointments(access).filter(segments__segment_members__member=access.member).distinct()
    of_day = own.filter(starts_at__gte=span.start, starts_at__lt=span.end).exclude(status=Status.CANCELLED)
    visits = [visit_of(access, appointment, place="phone") for appointment in of_day.order_by("starts_at", "id")]
    open_visits = [visit for visit in visits if visit.appointment.is_open]
    under_way = [visit for visit in open_visits if visit.appointment.status == Status.IN_PROGRESS]
    coming = [visit for visit in open_visits if visit.appointment.ends_at > access.now]
    left: Iterable[Appointment] = ()
    if on == today:
        left = own.filter(
            status__in=(Status.SCHEDULED, Status.IN_PROGRESS),
            starts_at__gte=span.start - FORGOTTEN,
            starts_at__lt=span.start,
        ).order_by("starts_at", "id")
    return MyDay(
        on=on,
        today=today,
        next=next(iter([*under_way, *coming, *open_visits]), None),
        visits=visits,
        to_close=[visit_of(access, appointment, place="phone") for appointment in left],
    )
