"""Above and below: nobody gives what they lack, or touches what may do more than they may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from carnet.base.errors import NotPermitted
from carnet.organisations.access import Access
from carnet.organisations.errors import AboveOneself, BeyondSight
from carnet.organisations.fields import EDITABLE, wider
from carnet.organisations.models import FieldRight, Member, Profile
from carnet.organisations.permissions import PERMISSIONS

#: From the narrowest to the widest.
REACHES = (Profile.Reach.OWN, Profile.Reach.ROLE, Profile.Reach.EVERYTHING)


def is_above(access: Access, profile: Profile) -> bool:
    """Return whether the profile may do or see anything that the actor may not."""
    if profile.administrator:
        return not may_everything(access)
    return (
        reaches_beyond(access, profile.reach)
        or bool(lacked(access, profile.permissions))
        or opens_more_fields(access, profile)
    )


def may_everything(access: Access) -> bool:
    """Return whether the actor is an administrator, not narrowed by a token, or the product itself."""
    token = access.actor.token
    return access.actor.kind == "system" or (access.is_administrator and not (token and token.permissions))


def lacked(access: Access, permissions: Iterable[str]) -> list[str]:
    """Return those of `permissions` that the actor does not hold."""
    return [one for one in permissions if one in PERMISSIONS and not access.holds(one)]


def reaches_beyond(access: Access, reach: str) -> bool:
    """Return whether `reach` is wider than that of the actor."""
    if access.reaches_everything:
        return False
    own = access.profile.reach if access.profile else Profile.Reach.OWN
    return REACHES.index(Profile.Reach(reach)) > REACHES.index(Profile.Reach(own))


def opens_more_fields(access: Access, profile: Profile) -> bool:
    """Return whether the profile may read or edit a field that the actor may not, or not as much."""
    mine = access.field_rights
    if not mine or access.profile == profile:
        return False
    theirs = {(one.module, one.field): one.right for one in FieldRight.objects.filter(profile=profile)}
    return any(wider(theirs.get(key, EDITABLE), right) for key, right in mine.items())


def roles_given(access: Access) -> frozenset[int] | None:
    """Return the ids of the roles that the actor may give: its own and those below; None for all of them.

    Whoever is in one of these sees no more than the actor does. For who sees their own records only, it is the own
    role alone.
    """
    if access.reaches_everything:
        return None
    if access.member is None or access.profile is None:
        return frozenset()
    own = frozenset([access.member.role_id])
    return own if access.profile.reach == Profile.Reach.OWN else own | access.roles_below


def require_within_sight(access: Access, reach: str, roles: Iterable[int]) -> None:
    """Raise BeyondSight if somebody in one of these roles would, with a profile of this reach, see more than the actor.

    With its own records only nobody sees more, whatever the role; the widest reach is the profile's to be refused.
    """
    given = roles_given(access)
    if given is not None and reach == Profile.Reach.ROLE and not given.issuperset(roles):
        raise BeyondSight


def require_sees_all(access: Access) -> None:
    """Raise BeyondSight unless no record is hidden from the actor: whoever moves roles decides what others see."""
    if not access.reaches_everything:
        raise BeyondSight


def require_not_above(access: Access, profile: Profile) -> None:
    """Raise AboveOneself if the profile may do or see anything that the actor may not."""
    if is_above(access, profile):
        raise AboveOneself


def as_now(access: Access) -> Access:
    """Return the access with the actor's profile read again, for what is decided under lock.

    Rights may have been taken away while this waited: two administrators who demote each other. Raises NotPermitted
    if the actor is no member any more.
    """
    if access.member is None:
        return access
    member = (
        Member.objects.select_related("organisation", "profile", "role")
        .filter(pk=access.member.pk, active=True)
        .first()
    )
    if member is None:
        raise NotPermitted("profiles.edit")
    return replace(access, actor=replace(access.actor, member=member), restricted=None)
