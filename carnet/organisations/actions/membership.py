"""Ending a membership and taking it up again: the person stays in every history, and can do nothing meanwhile."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.above import as_now, require_not_above
from carnet.organisations.access import Access
from carnet.organisations.actions.administrators import keep_an_administrator, lock_with_administrators
from carnet.organisations.activity import record
from carnet.organisations.models import Invitation, Member, Token, User


def end_membership(access: Access, member: Member, *, version: int | None = None) -> Member:
    """Let `member` see and do nothing here from now on: sessions open nothing, keys to the API and an
    invitation are revoked for good.

    Visits and records are the caller's to hand over: see `deactivate_member`. Raises LastAdministrator, AboveOneself
    for somebody who may do more than the actor, StaleVersion, and Invalid for oneself or who has left already.
    """
    access.require("members.edit")
    if access.member is not None and access.member.pk == member.pk:
        raise Invalid(member=_("You cannot deactivate yourself. Ask another administrator."))
    with unit_of_work():
        member = locked_member(access, member, version)
        if not member.active:
            raise Invalid(member=_("%(name)s is deactivated already.") % {"name": member.name})
        revoked = _end(access, member)
        record(access, "member.deactivated", member, changes={"active": [True, False], "tokens": [revoked, 0]})
    return member


def give_up_membership(access: Access, member: Member, *, version: int | None = None) -> Member:
    """Leave the organisation oneself: as if one were deactivated, and no right is needed for it.

    Raises NotPermitted for anybody but the member in person (a key to the API is not), LastAdministrator and
    StaleVersion.
    """
    if access.actor.kind != "member" or access.member is None or access.member.pk != member.pk:
        raise NotPermitted("member.leave")
    with unit_of_work():
        member = lock_with_administrators(member)[member.pk]
        if version is not None and version != member.version:
            raise StaleVersion
        if not member.active:
            raise Invalid(member=_("%(name)s is deactivated already.") % {"name": member.name})
        revoked = _end(access, member)
        record(access, "member.left", member, changes={"active": [True, False], "tokens": [revoked, 0]})
    return member


def _end(access: Access, member: Member) -> int:
    """Take everything from the member that opens anything; return how many keys to the API that revokes."""
    keep_an_administrator(member)
    revoked = Token.objects.filter(member=member, revoked_at__isnull=True).update(revoked_at=access.now)
    Invitation.objects.filter(member=member, accepted_at__isnull=True, revoked_at__isnull=True).update(
        revoked_at=access.now
    )
    _set(member, active=False)
    if member.user_id is not None:
        User.objects.filter(pk=member.user_id, default_organisation=member.organisation_id).update(
            default_organisation=None
        )
    return revoked


def reactivate_member(access: Access, member: Member, *, version: int | None = None) -> Member:
    """Let `member` in again, with the profile, the role and the sign-in of before; keys to the API stay revoked."""
    access.require("members.edit")
    with unit_of_work():
        member = locked_member(access, member, version)
        if not member.active:
            _set(member, active=True)
            record(access, "member.reactivated", member, changes={"active": [False, True]})
    return member


def locked_member(access: Access, member: Member, version: int | None = None) -> Member:
    """Lock the member with all administrators, and judge by the rights that the actor has now."""
    actor = [access.member] if access.member is not None else []
    member = lock_with_administrators(member, *actor)[member.pk]
    access = as_now(access)
    access.require("members.edit")
    if version is not None and version != member.version:
        raise StaleVersion
    require_not_above(access, member.profile)
    return member


def _set(member: Member, *, active: bool) -> None:
    member.active = active
    member.version += 1
    member.save(update_fields=["active", "version"])
