"""The activity of an organisation: who did what to which record, as far as the reader may see that record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.appointments.models import Appointment
from carnet.base.templatetags.moments import local_datetime
from carnet.catalogue.models import Category, Service, Tax
from carnet.customers.fields import shown
from carnet.customers.models import Customer
from carnet.customisation.models import Layout, Module
from carnet.desk.queries.activity_words import Words, kind_text
from carnet.desk.queries.happened import Change, door_text, who_text
from carnet.desk.queries.history import changes_of
from carnet.desk.templatetags.people import called
from carnet.jobsheets.models import JobSheet
from carnet.organisations.above import may_everything
from carnet.organisations.access import Access
from carnet.organisations.actions.tokens import tokens_within_reach
from carnet.organisations.doors import API
from carnet.organisations.models import Activity, Member, Organisation, Profile, Role, Token
from carnet.organisations.permissions import EDIT_LAYOUTS
from carnet.resources.models import Resource, TimeOff
from carnet.scheduling import hours as wall

PAGE: Final = 50
#: As many are read at once for an export.
CHUNK: Final = 500
#: What Carnet does by itself is nobody's of the members.
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class Subject:
    """A sort of record that the history tells of: its name, the right to see it, and how one of it is called."""

    words: Words
    permission: str
    model: type[Model]
    called: Callable[[Access, Any], str] = lambda access, one: str(one)
    #: The view at which it is seen, "" for what has no page of its own.
    view: str = ""
    #: The field of another record that names it: who may not read that is told nothing of it.
    named_by: tuple[str, str] | None = None


def _appointment(access: Access, one: Appointment) -> str:
    at = local_datetime(one.starts_at, access.organisation.zone)
    return ", ".join([called(shown(access, one.customer)), at] if one.customer else [at])


SUBJECTS: Final[dict[str, Subject]] = {
    "appointment": Subject(gettext_lazy("Appointment"), "appointments.see", Appointment, _appointment, "appointment"),
    "customer": Subject(
        gettext_lazy("Customer"), "customers.see", Customer, lambda access, one: called(shown(access, one)), "customer"
    ),
    "jobsheet": Subject(
        gettext_lazy("Job sheet"), "job_sheets.see", JobSheet, lambda access, one: _appointment(access, one.appointment)
    ),
    "service": Subject(gettext_lazy("Service"), "catalogue.see", Service, view="service"),
    "category": Subject(gettext_lazy("Category"), "catalogue.see", Category, named_by=("services", "category")),
    "tax": Subject(gettext_lazy("Tax"), "catalogue.see", Tax, named_by=("services", "price")),
    "resource": Subject(gettext_lazy("Person, room or equipment"), "set_up.edit", Resource),
    "timeoff": Subject(gettext_lazy("Absence"), "set_up.edit", TimeOff, lambda access, one: ""),
    "organisation": Subject(gettext_lazy("Organisation"), "set_up.edit", Organisation),
    "module": Subject(gettext_lazy("Module"), "set_up.edit", Module, lambda access, one: ""),
    "layout": Subject(gettext_lazy("Layout"), EDIT_LAYOUTS, Layout, lambda access, one: ""),
    "member": Subject(gettext_lazy("Member"), "members.edit", Member, view="member"),
    "role": Subject(gettext_lazy("Role"), "profiles.edit", Role, view="role"),
    "profile": Subject(gettext_lazy("Profile"), "profiles.edit", Profile, view="profile"),
    "token": Subject(gettext_lazy("API token"), "profiles.edit", Token),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; `before` is the place in the order from which older ones are wanted."""

    member: str = ""
    about: str = ""
    kind: str = ""
    door: str = ""
    since: date | None = None
    until: date | None = None
    record: tuple[str, UUID] | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: datetime
    who: str
    what: str
    sort: str
    subject: str
    address: str
    #: What finds all that happened to this record, "" if it cannot be found any more.
    record: str
    #: By which door it came, and from which network address.
    door: str = ""
    network: str = ""
    changes: Sequence[Change] = field(default_factory=list)

    @property
    def whence(self) -> str:
        return ", ".join(filter(None, (self.door, self.network)))


def activity_seen(access: Access) -> QuerySet[Activity]:
    """Return what the reader may know of: all for an administrator, else what happened to records that are in sight."""
    access.require("activity.see")
    found = Activity.objects.order_by("-at", "-id")
    if may_everything(access):
        return found
    seen = Q(pk__in=[])
    for kind, subject in SUBJECTS.items():
        if access.holds(subject.permission) and (subject.named_by is None or access.may_read_field(*subject.named_by)):
            seen |= Q(subject_kind=kind) & _in_sight(access, kind, subject)
    return found.filter(seen)


def _in_sight(access: Access, kind: str, subject: Subject) -> Q:
    rows: QuerySet[Any] | None = None
    if kind == "token":
        rows = tokens_within_reach(access)
    elif kind in ("appointment", "customer", "jobsheet") and not access.reaches_everything:
        rows = access.visible(subject.model._default_manager.all())
    # Asked of each line from the newest on, until a page is full: not of all that there is.
    return Q() if rows is None else Q(Exists(rows.order_by().filter(pk=OuterRef("subject_id"))))


def activity_asked(access: Access, asked: Asked) -> QuerySet[Activity]:
    """Return what is asked for of what the reader may know of, newest first."""
    found, zone = activity_seen(access), access.organisation.zone
    if asked.member == SYSTEM:
        found = found.filter(actor_kind=SYSTEM)
    elif asked.member:
        found = found.filter(member__public_id=asked.member)
    if asked.about:
        found = found.filter(subject_kind=asked.about)
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.door:
        # A token's door is followed by its name.
        found = found.filter(door__startswith=asked.door) if asked.door == API else found.filter(door=asked.door)
    if asked.since:
        found = found.filter(at__gte=wall.day_span(asked.since, zone).start)
    if asked.until:
        found = found.filter(at__lt=wall.day_span(asked.until, zone).end)
    if asked.record:
        kind, public_id = asked.record
        subject = SUBJECTS[kind].model._default_manager.filter(public_id=public_id)
        found = found.filter(subject_kind=kind, subject_id__in=subject.values("pk"))
    if asked.before:
        at, pk = asked.before
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    return found


def lines_of(access: Access, rows: Sequence[Activity]) -> list[Line]:
    """Return the rows in words, with one query for each sort of record among them."""
    subjects = {kind: _subjects(kind, [row for row in rows if row.subject_kind == kind]) for kind in SUBJECTS}
    return [_line(access, row, subjects.get(row.subject_kind, {}).get(row.subject_id)) for row in rows]


def _subjects(kind: str, rows: Iterable[Activity]) -> dict[int, Any]:
    ids = {row.subject_id for row in rows}
    if not ids:
        return {}
    found: QuerySet[Any] = SUBJECTS[kind].model._default_manager.filter(pk__in=ids)
    if kind == "appointment":
        found = found.select_related("customer").prefetch_related("customer__contacts")
    elif kind == "jobsheet":
        found = found.select_related("appointment__customer").prefetch_related("appointment__customer__contacts")
    elif kind == "customer":
        found = found.prefetch_related("contacts")
    return {one.pk: one for one in found}


def _line(access: Access, row: Activity, one: Any) -> Line:
    subject = SUBJECTS.get(row.subject_kind)
    name = subject.called(access, one) if subject and one is not None else _last_name(row)
    public_id = getattr(one, "public_id", None)
    return Line(
        at=row.at,
        who=who_text(row),
        what=kind_text(row.kind),
        sort=str(subject.words) if subject else "",
        subject=name,
        address=reverse(subject.view, args=[public_id]) if subject and subject.view and public_id else "",
        record=f"{row.subject_kind}:{public_id}" if public_id else "",
        door=door_text(row),
        network=row.address,
        changes=list(changes_of(access, row)),
    )


def _last_name(row: Activity) -> str:
    """Return what was written down of the name of a record that is gone."""
    return next((str(one) for one in reversed(row.changes.get("name", ())) if one), "")


def exported(access: Access, rows: QuerySet[Activity]) -> Iterator[list[list[str]]]:
    """Yield chunks of rows for a spreadsheet, a row for each changed field, newest first; the head comes first."""
    yield [
        [
            _("When"),
            _("Who"),
            _("What"),
            _("About"),
            _("Record"),
            _("Field"),
            _("Before"),
            _("After"),
            _("From where"),
            _("Network address"),
        ]
    ]
    at: tuple[datetime, int] | None = None
    while True:
        older = rows if at is None else rows.filter(Q(at__lt=at[0]) | Q(at=at[0], pk__lt=at[1]), at__lte=at[0])
        chunk = list(older[:CHUNK])
        if not chunk:
            return
        yield [row for line in lines_of(access, chunk) for row in _cells(access, line)]
        at = chunk[-1].at, chunk[-1].pk


def _cells(access: Access, line: Line) -> Iterator[list[str]]:
    local = wall.to_zone(line.at, access.organisation.zone).isoformat(sep=" ", timespec="seconds")
    for change in line.changes or [Change("", "", "")]:
        yield [
            local,
            line.who,
            line.what,
            line.sort,
            line.subject,
            change.field,
            change.before,
            change.after,
            line.door,
            line.network,
        ]
