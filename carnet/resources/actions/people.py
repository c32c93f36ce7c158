"""People and things that can be held."""

from __future__ import annotations

from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.actions import MemberDetails, add_member, edit_member, reactivate_member
from carnet.organisations.activity import record
from carnet.organisations.models import Member, Profile, Role, User
from carnet.resources.actions.hours import Windows, checked_windows, set_resource_hours
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable


def employ_member(
    access: Access,
    name: str,
    *,
    profile: Profile,
    role: Role,
    user: User | None = None,
    hours: Windows | None = None,
    phone: str = "",
) -> Member:
    """Add a member whose time can be held; without `hours` it works whenever the business is open."""
    if hours:
        checked_windows(hours)
    with unit_of_work():
        member = add_member(access, name, profile=profile, role=role, user=user, phone=phone)
        resource = Resource.objects.create(
            organisation=access.organisation, kind=Resource.Kind.MEMBER, member=member, name=member.name
        )
        change_timetable(access, Resource.objects.filter(pk=resource.pk))
        if hours:
            set_resource_hours(access, resource, hours)
    return member


def change_member(access: Access, member: Member, details: MemberDetails, *, seen: int | None = None) -> Member:
    """Replace a member's name, phone and role; the column of the calendar is called as the member is."""
    with unit_of_work():
        member = edit_member(access, member, details, seen=seen)
        Resource.objects.filter(member=member).exclude(name=member.name).update(name=member.name)
    return member


def take_back_member(access: Access, member: Member, *, version: int | None = None) -> Member:
    """Let a member in again that was deactivated; its time can be held again, and it provides what it did before."""
    with unit_of_work():
        change_timetable(access, Resource.objects.filter(member=member))
        member = reactivate_member(access, member, version=version)
        Resource.objects.filter(member=member).update(active=True)
    return member


def add_resource(access: Access, name: str, *, kind: str, lanes: int = 1) -> Resource:
    """Add a room or a piece of equipment of which there are `lanes` identical ones."""
    access.require("resources.edit")
    with unit_of_work():
        resource = Resource.objects.create(organisation=access.organisation, kind=kind, name=name, lanes=lanes)
        change_timetable(access, Resource.objects.filter(pk=resource.pk))
        record(access, "resource.added", resource, changes={"name": [None, name]})
    return resource
