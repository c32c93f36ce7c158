"""Members of an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import lock_in_order
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import repeatable
from carnet.organisations.above import as_now, require_not_above, require_within_sight, roles_given
from carnet.organisations.access import Access
from carnet.organisations.actions.administrators import lock_with_administrators
from carnet.organisations.activity import record
from carnet.organisations.errors import BeyondSight
from carnet.organisations.models import Member, Profile, Role, User


@dataclass(frozen=True, slots=True)
class MemberDetails:
    """A member as it is to be, besides the profile and the sign-in."""

    name: str
    phone: str
    role: Role


@repeatable
def add_member(
    access: Access, name: str, *, profile: Profile, role: Role, user: User | None = None, phone: str = ""
) -> Member:
    """Add a person to the organisation; may have no sign-in yet.

    Raises AboveOneself for a profile that allows more, BeyondSight for a role in which this profile sees more than the
    actor, and Invalid, also for a profile or a role that was deleted in the meantime.
    """
    access.require("members.edit")
    name, phone = _checked(name, phone)
    # Whoever deletes one of them waits, or has done so.
    profiles = lock_in_order(Profile.objects.filter(pk=profile.pk))
    roles = lock_in_order(Role.objects.filter(pk=role.pk))
    if not profiles:
        raise Invalid(profile=_("There is no such profile."))
    if not roles:
        raise Invalid(role=_("There is no such role."))
    now = as_now(access)
    now.require("members.edit")
    require_not_above(now, profiles[0])
    require_within_sight(now, profiles[0].reach, [role.pk])
    member = Member.objects.create(
        organisation=access.organisation,
        user=user,
        name=name,
        profile=profiles[0],
        role=roles[0],
        phone=phone,
        position=Member.objects.count(),
    )
    record(access, "member.added", member, changes={"name": [None, name]})
    return member


@repeatable
def edit_member(access: Access, member: Member, details: MemberDetails, *, seen: int | None = None) -> Member:
    """Replace a member's name, phone and role; whose records are seen counts from the next request.

    Raises AboveOneself for somebody who may do more than the actor; StaleVersion if the member was changed since
    version `seen` (D1); BeyondSight for a role that is not the actor's to give, or to take; Invalid.
    """
    access.require("members.edit")
    name, phone = _checked(details.name, details.phone)
    actor = [access.member] if access.member else []
    member = lock_with_administrators(member, *actor)[member.pk]
    roles = {row.pk: row for row in lock_in_order(Role.objects.all())}
    now = as_now(access)
    now.require("members.edit")
    require_not_above(now, member.profile)
    if seen is not None and member.version != seen:
        raise StaleVersion
    role = roles.get(details.role.pk)
    if role is None:
        raise Invalid(role=_("There is no such role."))
    if role.pk != member.role_id:
        require_may_move(now, member, role)
    changes = {
        field: [before, after]
        for field, before, after in (
            ("name", member.name, name),
            ("phone", member.phone, phone),
            ("role", roles[member.role_id].name, role.name),
        )
        if before != after
    }
    if changes:
        member.name, member.phone, member.role = name, phone, role
        member.version += 1
        member.save(update_fields=["name", "phone", "role", "version"])
        record(access, "member.edited", member, changes=changes)
    return member


def require_may_move(access: Access, member: Member, role: Role) -> None:
    """Raise BeyondSight unless the actor sees what this member owns, and all that whoever is in that role may see.

    So nobody, the actor least of all, comes to see by it what the actor has not seen before.
    """
    given = roles_given(access)
    if given is not None and (role.pk not in given or member.pk not in access.reached_members):
        raise BeyondSight


def _checked(name: str, phone: str) -> tuple[str, str]:
    name, phone = clean(name), clean(phone)
    if not name:
        raise Invalid(name=_("Type the name of the member."))
    if len(name) > 120:
        raise Invalid(name=_("This is longer than %(limit)d characters.") % {"limit": 120})
    if len(phone) > 40:
        raise Invalid(phone=_("This is longer than %(limit)d characters.") % {"limit": 40})
    return name, phone
