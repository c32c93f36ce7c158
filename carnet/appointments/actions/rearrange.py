"""Making a change and moving the visits that it hits, in one step: all of it or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carnet.appointments.actions.changes import BusinessHoursSet, Change, OutageAdded, ServiceEdited
from carnet.appointments.actions.changes_of_time import ClosuresAdded, MemberHoursSet
from carnet.appointments.actions.moving import move_visit, must_be_movable, whole_or_as_before
from carnet.appointments.errors import BookingRefused, MoveRefused
from carnet.appointments.impact import PlannedMove
from carnet.appointments.models import Appointment, Claim, Rearrangement, Reason
from carnet.appointments.promised import asks_by
from carnet.appointments.refusals import moment_text
from carnet.base.errors import StaleVersion, TradeError
from carnet.base.locking import lock_in_order
from carnet.base.unit_of_work import repeatable
from carnet.catalogue.details import details_of
from carnet.catalogue.kept_details import kept_details, kept_image
from carnet.catalogue.models import Outage, Service
from carnet.catalogue.pictures import Drawn
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Resource, TimeOff
from carnet.resources.queries import business_hours, hours_of

#: How long the letters of an applied change are held back: who undoes it in time has told nobody.
HELD = timedelta(seconds=60)


def rearrange(access: Access, change: Change, moves: Sequence[PlannedMove], *, standing: int = 0) -> Rearrangement:
    """Make the change and the moves, or nothing; `standing` says how many visits that it hits are left where they are.

    Raises what the change raises, and MoveRefused for a visit that cannot be moved as planned: it was changed since,
    it has begun, or its place is taken.
    """
    if moves:
        access.require("appointments.move")
    with whole_or_as_before(access):
        return _rearranged(access, change, list(moves), standing)


@repeatable
def _rearranged(access: Access, change: Change, moves: Sequence[PlannedMove], standing: int) -> Rearrangement:
    # Visits first, then people and rooms, each in the order of their ids: as whoever moves a single visit does.
    locked = locked_visits(access, [move.appointment.pk for move in moves])
    providers = {member.pk for move in moves for member in move.providers}
    lock_in_order(resources_to_lock(locked, change.resources() | Q(member__in=providers)))
    before = _before(change)
    made = change.apply(access)
    rearrangement = Rearrangement.objects.create(
        organisation=access.organisation,
        kind=change.kind,
        title=change.title or access.organisation.name,
        change={**before, **_after(change, made), "standing": standing},
        member=access.member,
        at=access.now,
    )
    visits = {visit.pk: visit for visit in locked}
    for move in moves:
        _move(access, visits.get(move.appointment.pk), move, rearrangement)
    record(
        access,
        "visits.rearranged",
        change.service or change.member or access.organisation,
        changes={"rearrangement": [None, str(rearrangement.public_id)], "moved": [0, len(moves)]},
    )
    return rearrangement


def _move(access: Access, visit: Appointment | None, planned: PlannedMove, rearrangement: Rearrangement) -> None:
    try:
        if visit is None or visit.version != planned.appointment.version:
            raise StaleVersion
        must_be_movable(visit)
        segments = list(
            visit.segments.order_by("position").select_related("service").prefetch_related("segment_members__member")
        )
        if len(segments) != len(planned.providers):
            raise StaleVersion
        move_visit(
            access,
            visit,
            planned.start,
            asks_by(segments, planned.providers),
            reason=Reason.TEAM,
            rearrangement=rearrangement,
            due_at=access.now + HELD,
        )
    except TradeError as error:
        raise refused(planned.appointment, error) from error


def refused(appointment: Appointment, error: TradeError) -> MoveRefused:
    """Return the error that names the visit by its time, and says why it stays where it is."""
    why = error.sentence()
    if isinstance(error, BookingRefused) and all(one.rule == "nobody_busy" for one in error.refusals):
        why = _("the place has just been taken.")
    return MoveRefused(
        appointment.public_id_text,
        _("The visit of %(moment)s cannot be moved as proposed: %(why)s")
        % {"moment": moment_text(appointment.starts_at, appointment.zone), "why": why},
    )


def locked_visits(access: Access, ids: Sequence[int]) -> list[Appointment]:
    """Lock these visits in the order of their ids; one that the actor may not see is not among them."""
    visits = access.visible(Appointment.objects.filter(pk__in=ids))
    return lock_in_order(visits.select_related("customer").order_by()) if ids else []


def resources_to_lock(visits: Sequence[Appointment], more: Q) -> QuerySet[Resource]:
    """Return all that the visits hold or would hold wherever they are moved, and `more`."""
    ids = [visit.pk for visit in visits]
    held = Claim.objects.filter(segment__appointment__in=ids, active=True).values("resource")
    services = Service.objects.filter(segments__appointment__in=ids).values("pk")
    people = Q(member__segment_members__segment__appointment__in=ids)
    return Resource.objects.filter(Q(pk__in=held) | people | Q(service_resources__service__in=services) | more)


def _before(change: Change) -> dict[str, Any]:
    """Return what was so, read under the locks, as far as it takes that to bring it back."""
    if isinstance(change, BusinessHoursSet):
        return {"before": plain_hours(business_hours())}
    if isinstance(change, MemberHoursSet):
        return {"resource": change.resource.pk, "before": plain_hours(hours_of(change.resource))}
    if isinstance(change, ServiceEdited):
        service = Service.objects.get(pk=change.service.pk)
        kept = {"before": kept_details(details_of(service)), "custom": service.custom}
        touched = change.image is not None or change.drop_image
        return {**kept, "image": kept_image(Drawn.of(change.service))} if touched else kept
    return {}


def _after(change: Change, made: object) -> dict[str, Any]:
    """Return what is so now: an undo must find it unchanged."""
    if isinstance(change, OutageAdded):
        assert isinstance(made, Outage)
        return {"service": change.service.pk, "outage": made.pk}
    if isinstance(change, MemberHoursSet):
        return {"after": plain_hours(hours_of(change.resource))}
    if isinstance(change, ClosuresAdded):
        assert isinstance(made, dict)
        return {"days": {on.isoformat(): name for on, name in made.items()}}
    if isinstance(made, TimeOff):
        return {"resource": made.resource_id, "absence": made.pk}
    if isinstance(made, Service):
        return {"service": made.pk, "version": made.version}
    return {"after": plain_hours(business_hours())}


def plain_hours(windows: Any) -> list[list[Any]]:
    """Return weekly hours as JSON holds them, in one order."""
    return [[weekday, sorted(list(window) for window in found)] for weekday, found in sorted(windows.items()) if found]


def as_windows(plain: list[list[Any]]) -> dict[int, list[tuple[int, int]]]:
    return {weekday: [(opens, closes) for opens, closes in found] for weekday, found in plain}
