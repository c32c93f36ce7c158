"""Profiles: what one may do, edited whole, cloned, deleted, and given to members; never more than one's own."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.base.locking import lock_in_order
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import repeatable
from carnet.organisations.above import as_now, lacked, reaches_beyond, require_not_above, require_within_sight
from carnet.organisations.access import Access
from carnet.organisations.actions.administrators import keep_an_administrator, lock_with_administrators
from carnet.organisations.activity import record
from carnet.organisations.errors import AboveOneself, ProfileHeld
from carnet.organisations.models import FieldRight, Member, Profile
from carnet.organisations.permissions import PERMISSIONS, RESTS_ON


@dataclass(frozen=True, slots=True)
class ProfileDetails:
    """A profile as it is to be: its name, what may be done, and whose records are reached."""

    name: str
    permissions: Collection[str] = ()
    reach: str = Profile.Reach.OWN


@repeatable
def edit_profile(access: Access, profile: Profile, details: ProfileDetails, *, seen: int | None = None) -> Profile:
    """Replace what a profile says; it counts from the next request of whoever holds it.

    A right comes with the one it rests on. `seen` is the version that was looked at: what is decided on an earlier one
    is refused (StaleVersion). Raises AboveOneself for administrators' profiles, which hold everything, and for any that
    may more than the actor; BeyondSight if somebody who holds it would see more than the actor by it; NotPermitted for
    a right that the actor lacks; Invalid for a name that is taken.
    """
    access.require("profiles.edit")
    profile, access = locked_with_access(access, profile)
    require_not_above(access, profile)
    if profile.administrator:
        raise Invalid(permissions=_("Administrators always have every right."))
    if seen is not None and profile.version != seen:
        raise StaleVersion
    after = _checked(access, details, besides=profile)
    if after.reach != profile.reach:
        held_in = Member.objects.order_by().filter(profile=profile).values_list("role", flat=True)
        require_within_sight(access, after.reach, held_in)
    before = ProfileDetails(profile.name, profile.permissions, profile.reach)
    changes = {
        name: [getattr(before, name), getattr(after, name)]
        for name in ("name", "permissions", "reach")
        if getattr(before, name) != getattr(after, name)
    }
    if set(before.permissions) == set(after.permissions):
        changes.pop("permissions", None)
    for name, (_before, value) in changes.items():
        setattr(profile, name, value)
    if changes:
        profile.version += 1
        profile.save(update_fields=[*changes, "version"])
        record(access, "profile.changed", profile, changes=changes)
    return profile


@repeatable
def clone_profile(access: Access, profile: Profile, details: ProfileDetails) -> Profile:
    """Create a profile that begins as `profile`, its fields included, and says what `details` do; nobody holds it yet.

    The clone of an administrator's profile is no administrator's: it holds what is ticked. Raises as `edit_profile`.
    """
    access.require("profiles.edit")
    profile, access = locked_with_access(access, profile)
    require_not_above(access, profile)
    wanted = _checked(access, details)
    created = Profile.objects.create(
        organisation=access.organisation,
        name=wanted.name,
        permissions=list(wanted.permissions),
        reach=wanted.reach,
        second_step=profile.second_step,
    )
    changes = {"name": [None, created.name], "permissions": [None, created.permissions], "reach": [None, created.reach]}
    for row in FieldRight.objects.filter(profile=profile):
        FieldRight.objects.create(
            organisation=access.organisation, profile=created, module=row.module, field=row.field, right=row.right
        )
    record(access, "profile.created", created, changes=changes | {"cloned_from": [None, profile.name]})
    return created


@repeatable
def delete_profile(access: Access, profile: Profile) -> None:
    """Throw a profile away that nobody holds; raises ProfileHeld with the names of those who do (C12)."""
    access.require("profiles.edit")
    profile, access = locked_with_access(access, profile)
    require_not_above(access, profile)
    # A plain FOR UPDATE waits for members who are being added with this profile, too.
    Profile.objects.select_for_update().get(pk=profile.pk)
    if names := list(Member.objects.filter(profile=profile).values_list("name", flat=True)):
        raise ProfileHeld(names)
    if profile.administrator:
        raise Invalid(profile=_("Administrators always have every right."))
    changes = {"name": [profile.name, None], "permissions": [profile.permissions, None], "reach": [profile.reach, None]}
    record(access, "profile.deleted", profile, changes=changes)
    profile.delete()


@repeatable
def assign_profile(access: Access, member: Member, profile: Profile, *, seen: int | None = None) -> Member:
    """Give a member another profile; it counts from the member's next request.

    Raises AboveOneself if the profile the member has, or is to have, may more than the actor; BeyondSight if the member
    would see more than the actor by it; LastAdministrator if nobody would be left who may everything; StaleVersion if
    the member was changed since version `seen`.
    """
    access.require("members.edit")
    actor = [access.member] if access.member else []
    member = lock_with_administrators(member, *actor)[member.pk]
    profile, access = locked_with_access(access, profile, "members.edit")
    before = member.profile
    require_not_above(access, before)
    require_not_above(access, profile)
    if member.profile_id == profile.pk:
        return member
    require_within_sight(access, profile.reach, [member.role_id])
    if seen is not None and member.version != seen:
        raise StaleVersion
    if not profile.administrator:
        keep_an_administrator(member)
    member.profile = profile
    member.version += 1
    member.save(update_fields=["profile", "version"])
    record(access, "member.profile_changed", member, changes={"profile": [before.name, profile.name]})
    return member


def locked_with_access(access: Access, profile: Profile, permission: str = "profiles.edit") -> tuple[Profile, Access]:
    """Lock all profiles, there are a handful: the one, the actor's own, names; return it and the access as now.

    Raises unless the actor still holds `permission` then.
    """
    rows = {row.pk: row for row in lock_in_order(Profile.objects.all())}
    if profile.pk not in rows:
        raise Invalid(profile=_("There is no such profile."))
    now = as_now(access)
    now.require(permission)
    return rows[profile.pk], now


def _checked(access: Access, details: ProfileDetails, *, besides: Profile | None = None) -> ProfileDetails:
    """Return the details as they are stored, with what the rights rest on; raises if they are not for the actor."""
    name = clean(details.name)
    if not name:
        raise Invalid(name=_("Type the name of the profile."))
    if len(name) > 80:
        raise Invalid(name=_("A name has at most 80 characters."))
    others = Profile.objects.exclude(pk=besides.pk) if besides else Profile.objects.all()
    if others.filter(name=name).exists():
        raise Invalid(name=_("Another profile has this name already."))
    if details.reach not in Profile.Reach.values:
        raise Invalid(reach=_("Choose whose records are seen."))
    if unknown := set(details.permissions) - set(PERMISSIONS):
        raise LookupError(f"no such permissions: {', '.join(sorted(unknown))}")
    whole = with_grounds(details.permissions)
    if missing := lacked(access, whole):
        raise NotPermitted(missing[0])
    if reaches_beyond(access, details.reach):
        raise AboveOneself
    return ProfileDetails(name, whole, details.reach)


def with_grounds(permissions: Collection[str]) -> list[str]:
    """Return the permissions with those they rest on, in the order in which they are listed."""
    whole = set(permissions) | {RESTS_ON[one] for one in permissions if one in RESTS_ON}
    return [one for one in PERMISSIONS if one in whole]
