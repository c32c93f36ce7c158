"""Letting a member go: somebody takes over each coming visit and all that the member owns, or nothing happens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Protocol

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carnet.appointments.actions.moving import move_visit, must_be_movable, whole_or_as_before
from carnet.appointments.actions.rearrange import locked_visits, refused, resources_to_lock
from carnet.appointments.impact import PlannedMove
from carnet.appointments.impact.hit import Standing, standing_visits
from carnet.appointments.impact.proposals import proposals
from carnet.appointments.impact.rules import Rules
from carnet.appointments.models import OPEN, Appointment, Reason, SegmentMember
from carnet.appointments.promised import asks_by
from carnet.appointments.timetable import timetable_of
from carnet.base.errors import Invalid, StaleVersion, TradeError
from carnet.base.locking import lock_in_order
from carnet.base.unit_of_work import repeatable
from carnet.catalogue.models import Service
from carnet.customers.models import Customer
from carnet.organisations.access import Access
from carnet.organisations.actions import end_membership, give_up_membership
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable, timetable_now

#: The most visits that are handed over in one step.
MOST = 200


class StillExpected(TradeError):
    """Visits with the member are coming that nobody takes over; nothing has been changed."""

    code = "still_expected"
    status = 409

    def __init__(self, member: str, count: int) -> None:
        super().__init__(member, count)
        self.member, self.count = member, count

    def sentence(self) -> str:
        return ngettext(
            "%(count)d visit with %(name)s is coming that nobody takes over. Move or cancel it first.",
            "%(count)d visits with %(name)s are coming that nobody takes over. Move or cancel them first.",
            self.count,
        ) % {"count": self.count, "name": self.member}

    def detail(self) -> dict[str, Any]:
        return {"coming_visits": self.count}


@dataclass(frozen=True)
class Heritage:
    """What the departure of a member leaves to others: the coming visits, and what it owns."""

    visits: tuple[Standing, ...]
    #: Visit id -> who would do each of its services, at the same time.
    taken_over: dict[int, tuple[Member, ...]]
    #: Coming visits that the reader may not see, or beyond the most that are handed over.
    further: int
    services: int
    customers: int
    appointments: int

    @property
    def owns_anything(self) -> bool:
        return bool(self.services or self.customers or self.appointments)

    @property
    def in_the_way(self) -> int:
        """How many coming visits nobody could take over."""
        return len(self.visits) - len(self.taken_over) + self.further

    @property
    def digest(self) -> str:
        """What was seen, in few letters: equal only if the same people take over the same visits."""
        seen = [
            (one.appointment.pk, one.appointment.version, [who.pk for who in self.taken_over[one.appointment.pk]])
            for one in self.visits
            if one.appointment.pk in self.taken_over
        ]
        return blake2b(repr((seen, self.in_the_way)).encode(), digest_size=16).hexdigest()

    def planned(self) -> list[PlannedMove]:
        return [
            PlannedMove(one.appointment, one.starts_at, self.taken_over[one.appointment.pk])
            for one in self.visits
            if one.appointment.pk in self.taken_over
        ]


def heritage_of(access: Access, member: Member) -> Heritage:
    """Return who could take over each coming visit of the member, and how much it owns; writes nothing."""
    standing = [one for one in standing_visits(access, _with(member)) if one.ends_at > access.now]
    ids = [one.appointment.pk for one in standing]
    visible = set(access.visible(Appointment.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    seen = [one for one in standing if one.appointment.pk in visible][:MOST]
    rules = Rules(timetable_of(access.organisation, timetable_now(access.organisation)))
    resource = rules.timetable.resource_of.get(member.pk)
    # Who only assists cannot be replaced by anybody who happens to be free.
    served = [one for one in seen if not any(member in ask.attendees for ask in one.asks)]
    found = {}
    if resource is not None and access.may("appointments.move"):
        found = proposals(access, served, rules.without_member(resource), same_start=True)
    return Heritage(
        tuple(seen),
        {pk: proposal.providers for pk, proposal in found.items()},
        further=len(standing) - len(seen),
        **{name: queryset.count() for name, queryset in _owned(member).items()},
    )


def deactivate_member(
    access: Access,
    member: Member,
    *,
    moves: Sequence[PlannedMove] = (),
    heir: Member | None = None,
    version: int | None = None,
) -> Member:
    """End the membership; `moves` say who takes over each coming visit, and `heir` gets what the member owns.

    All of it or nothing. Raises what `end_membership` raises, StillExpected if a coming visit is left, MoveRefused for
    one that cannot be taken over as planned, and Invalid without an heir to what the member owns.
    """
    access.require("members.edit")
    if moves:
        access.require("appointments.move")
    with whole_or_as_before(access):
        return _ended(access, member, list(moves), heir, version, end_membership)


def leave_organisation(
    access: Access,
    member: Member,
    *,
    moves: Sequence[PlannedMove] = (),
    heir: Member | None = None,
    version: int | None = None,
) -> Member:
    """Leave, as the member in person, and hand over like one who is deactivated; raises the same.

    No right is needed to leave, and none is lent for it: who may not move visits leaves once none is coming.
    """
    if moves:
        access.require("appointments.move")
    with whole_or_as_before(access):
        return _ended(access, member, list(moves), heir, version, give_up_membership)


class EndsMembership(Protocol):
    def __call__(self, access: Access, member: Member, *, version: int | None = None) -> Member: ...


@repeatable
def _ended(
    access: Access,
    member: Member,
    moves: Sequence[PlannedMove],
    heir: Member | None,
    version: int | None,
    end: EndsMembership,
) -> Member:
    # Visits first, then people and rooms, each in the order of their ids: as whoever moves a single visit does. Who
    # books with the member now has booked before, or waits here and then finds it gone.
    visits = {visit.pk: visit for visit in locked_visits(access, [move.appointment.pk for move in moves])}
    taking = {provider.pk for move in moves for provider in move.providers} | {member.pk}
    change_timetable(access, resources_to_lock(list(visits.values()), Q(member__in=taking)))
    member = end(access, member, version=version)
    Resource.objects.filter(member=member).update(active=False)
    for move in moves:
        _take_over(access, visits.get(move.appointment.pk), move)
    if left := _coming(access, member).count():
        raise StillExpected(member.name, left)
    _hand_over(access, member, heir)
    return member


def _take_over(access: Access, visit: Appointment | None, planned: PlannedMove) -> None:
    try:
        if visit is None or visit.version != planned.appointment.version or visit.starts_at != planned.start:
            raise StaleVersion
        must_be_movable(visit)
        segments = list(
            visit.segments.order_by("position").select_related("service").prefetch_related("segment_members__member")
        )
        if len(segments) != len(planned.providers):
            raise StaleVersion
        move_visit(access, visit, planned.start, asks_by(segments, planned.providers), reason=Reason.TEAM)
    except TradeError as error:
        raise refused(planned.appointment, error) from error


def _hand_over(access: Access, member: Member, heir: Member | None) -> None:
    owned = {name: lock_in_order(queryset) for name, queryset in _owned(member).items()}
    if not any(owned.values()):
        return
    if heir is None:
        raise Invalid(heir=_("Choose who gets what %(name)s owns.") % {"name": member.name})
    heir = Member.objects.filter(pk=heir.pk, active=True).first()
    if heir is None:
        raise Invalid(heir=_("Choose somebody who is a member now."))
    for queryset in _owned(member).values():
        queryset.update(owner=heir, version=F("version") + 1)
    changes: dict[str, list[Any]] = {"owner": [member.name, heir.name]}
    record(access, "member.heritage", member, changes | {name: [len(rows), 0] for name, rows in owned.items()})


def _with(member: Member) -> Q:
    return Q(pk__in=SegmentMember.objects.filter(member=member).values("segment__appointment"))


def _coming(access: Access, member: Member) -> QuerySet[Appointment]:
    """Return the open visits with the member that have not ended, whoever may see them."""
    return Appointment.objects.filter(_with(member), ends_at__gt=access.now, status__in=OPEN).order_by()


def _owned(member: Member) -> dict[str, QuerySet[Any]]:
    """Return what has the member as its owner and goes on: of visits those that are open."""
    return {
        "services": Service.objects.filter(owner=member),
        "customers": Customer.objects.filter(owner=member),
        "appointments": Appointment.objects.filter(owner=member, status__in=OPEN),
    }
