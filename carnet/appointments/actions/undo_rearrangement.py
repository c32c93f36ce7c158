"""Undoing a rearrangement in one step: the change is taken back, and each visit returns if its old time is free."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError
from django.db.models import Q, TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.appointments.actions.moving import shift_visit
from carnet.appointments.actions.rearrange import as_windows, locked_visits, plain_hours, resources_to_lock
from carnet.appointments.errors import UndoRefused
from carnet.appointments.models import MOVABLE, Appointment, Move, Rearrangement, Reason, SegmentMember
from carnet.base.constraints import violated
from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import lock_in_order, locked
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.catalogue.actions import edit_service
from carnet.catalogue.actions.take_back import put_back_in_use, take_back_outage
from carnet.catalogue.kept_details import details_kept, image_kept
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.outbox.actions import withdraw
from carnet.resources.actions import set_business_hours, set_resource_hours, take_back_closures, take_back_time_off
from carnet.resources.models import Resource
from carnet.resources.queries import business_hours, hours_of
from carnet.resources.timetable import timetable_as_before

#: How long who made the change may take it back, and how long an administrator may.
OWN, ANY = timedelta(minutes=10), timedelta(days=1)
PERMISSIONS = {
    "hours": "set_up.edit",
    "closures": "set_up.edit",
    "absence": "resources.edit",
    "member_hours": "resources.edit",
}


class Why(TextChoices):
    """Why a visit could not return."""

    UNSEEN = "unseen", gettext_lazy("You may not see this visit.")
    OVER = "over", gettext_lazy("It has begun or ended in the meantime.")
    MOVED = "moved", gettext_lazy("It has been moved again in the meantime.")
    PASSED = "passed", gettext_lazy("Its old time has passed.")
    GONE = "gone", gettext_lazy("Who was to do it is no longer there.")
    TAKEN = "taken", gettext_lazy("Its old time has been taken in the meantime.")


@dataclass(frozen=True)
class Stayed:
    """A visit that could not return, and why."""

    appointment: Appointment
    why: Why


@dataclass(frozen=True)
class Undone:
    """What an undo did: the visits that returned, and those that could not."""

    rearrangement: Rearrangement
    returned: tuple[Appointment, ...]
    stayed: tuple[Stayed, ...]


def permission_for(rearrangement: Rearrangement) -> str:
    """Return the permission that the change took, and that reading and undoing it take."""
    return PERMISSIONS.get(rearrangement.kind, "catalogue.edit")


def _all_permissions(rearrangement: Rearrangement) -> list[str]:
    moving = ["appointments.move"] if rearrangement.moves.exists() else []
    return [permission_for(rearrangement), *moving]


def may_undo_rearrangement(access: Access, rearrangement: Rearrangement) -> bool:
    """Return whether « Annuler » is to be offered to this reader now."""
    if rearrangement.undone_at is not None or not _in_time(access, rearrangement):
        return False
    return all(access.may(permission) for permission in _all_permissions(rearrangement))


def _in_time(access: Access, rearrangement: Rearrangement) -> bool:
    age = access.now - rearrangement.at
    mine = access.member is not None and rearrangement.member_id == access.member.pk
    return (mine and age <= OWN) or (access.is_administrator and age <= ANY)


def undo_rearrangement(access: Access, rearrangement: Rearrangement) -> Undone:
    """Take the change back and move each of its visits back where its old time is still free.

    For ten minutes by who made it, for a day by an administrator. Letters that are still held back are never sent;
    where one has left, another says that the old time stands again. Raises UndoRefused, and nothing has changed: too
    late, undone already, or what was changed has been changed again since.
    """
    for permission in _all_permissions(rearrangement):
        access.require(permission)
    with timetable_as_before(access):
        return _undone(access, rearrangement)


@repeatable
def _undone(access: Access, rearrangement: Rearrangement) -> Undone:
    rearrangement = locked(Rearrangement.objects.all(), pk=rearrangement.pk)
    if rearrangement.undone_at is not None:
        raise UndoRefused(_("This has been undone already."))
    if not _in_time(access, rearrangement):
        raise UndoRefused(
            _("This can no longer be undone: it is possible for ten minutes, for administrators for a day.")
        )
    moves = list(rearrangement.moves.order_by("from_starts_at", "pk"))
    visits = {visit.pk: visit for visit in locked_visits(access, [move.appointment_id for move in moves])}
    providers = {pk for move in moves for pk in move.from_providers}
    lock_in_order(resources_to_lock(list(visits.values()), _concerned(rearrangement) | Q(member__in=providers)))
    _take_back(access, rearrangement)
    returned: list[Appointment] = []
    stayed: list[Stayed] = []
    for move in moves:
        why = _returned(access, visits.get(move.appointment_id), move, rearrangement)
        appointment = Appointment.objects.select_related("customer").get(pk=move.appointment_id)
        if why:
            stayed.append(Stayed(appointment, why))
        else:
            returned.append(appointment)
    rearrangement.undone_at = access.now
    rearrangement.change["stayed"] = {str(one.appointment.pk): one.why.value for one in stayed}
    rearrangement.version += 1
    rearrangement.save(update_fields=["undone_at", "change", "version"])
    record(
        access,
        "visits.rearrangement_undone",
        _changed(rearrangement) or access.organisation,
        changes={"rearrangement": [str(rearrangement.public_id), None], "returned": [len(moves), len(returned)]},
    )
    return Undone(rearrangement, tuple(returned), tuple(stayed))


def _changed(rearrangement: Rearrangement) -> Service | Member | None:
    """Return the service or the member that was changed, None if it was the business."""
    change = rearrangement.change
    service = Service.objects.filter(pk=change.get("service")).first()
    return service or Member.objects.filter(resource=change.get("resource")).first()


def _concerned(rearrangement: Rearrangement) -> Q:
    """Return the condition of the resources that taking the change back locks."""
    if rearrangement.kind in ("hours", "closures"):
        return Q(pk__in=Resource.objects.values("pk"))
    if "resource" in rearrangement.change:
        return Q(pk=rearrangement.change["resource"])
    members = rearrangement.change.get("before", {}).get("members", [])
    return Q(member__service_members__service=rearrangement.change["service"]) | Q(member__in=members)


def _take_back(access: Access, rearrangement: Rearrangement) -> None:
    change = rearrangement.change
    try:
        if rearrangement.kind == "hours":
            if plain_hours(business_hours()) != change["after"]:
                raise UndoRefused(_("The business hours have been changed again since; this can no longer be undone."))
            set_business_hours(access, as_windows(change["before"]))
            return
        if rearrangement.kind == "closures":
            take_back_closures(access, {date.fromisoformat(on): name for on, name in change["days"].items()})
            return
        if rearrangement.kind == "member_hours":
            resource = Resource.objects.get(pk=change["resource"])
            if plain_hours(hours_of(resource)) != change["after"]:
                raise UndoRefused(_("These hours have been changed again since; this can no longer be undone."))
            set_resource_hours(access, resource, as_windows(change["before"]))
            return
        if rearrangement.kind == "absence":
            take_back_time_off(access, Resource.objects.get(pk=change["resource"]), change["absence"])
            return
        service = Service.objects.get(pk=change["service"])
        if rearrangement.kind == "outage":
            take_back_outage(access, service, change["outage"])
        elif rearrangement.kind == "not_in_use":
            put_back_in_use(access, service, version=change["version"])
        else:
            image = image_kept(change.get("image"))
            edit_service(
                access,
                service,
                details_kept(change["before"]),
                version=change["version"],
                image=image,
                drop_image="image" in change and image is None,
                custom_back=change.get("custom"),
            )
    except (StaleVersion, Service.DoesNotExist):
        raise UndoRefused(_("The service has been changed again since; this can no longer be undone.")) from None
    except Invalid as error:
        raise UndoRefused(error.sentence()) from None


def _returned(access: Access, visit: Appointment | None, move: Move, rearrangement: Rearrangement) -> Why | None:
    """Move the visit back, or return why it stays."""
    if visit is None:
        return Why.UNSEEN
    if visit.status not in MOVABLE:
        return Why.OVER
    if visit.starts_at != move.to_starts_at or _providers(visit) != move.to_providers:
        return Why.MOVED
    if move.from_starts_at <= access.now:
        return Why.PASSED
    providers = _still_there(move.from_providers)
    if providers is None:
        return Why.GONE
    try:
        # A block of its own: time that is taken by now undoes this return and no other.
        with unit_of_work():
            # Letters that nobody has read need no correction.
            unread = withdraw(visit, "appointment_moved", rearrangement.at)
            shift_visit(access, visit, move.from_starts_at, providers, reason=Reason.TEAM, told=not unread)
    except IntegrityError as error:
        if violated(error) != "claim_no_overlap":
            raise
        return Why.TAKEN
    return None


def _providers(visit: Appointment) -> list[int]:
    rows = SegmentMember.objects.filter(segment__appointment=visit, part=SegmentMember.Part.PROVIDES)
    return list(rows.order_by("segment__position").values_list("member_id", flat=True))


def _still_there(ids: Sequence[int]) -> list[Member] | None:
    members = {member.pk: member for member in Member.objects.filter(pk__in=ids, active=True, resource__active=True)}
    return [members[pk] for pk in ids] if members.keys() >= set(ids) else None
