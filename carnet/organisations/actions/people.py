"""Members of an organisation and their keys to the API."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member, Profile, Role, Token, User
from carnet.organisations.permissions import PERMISSIONS


def add_member(
    access: Access, name: str, *, profile: Profile, role: Role, user: User | None = None, phone: str = ""
) -> Member:
    """Add a person to the organisation; may have no sign-in yet."""
    access.require("set_up.edit")
    name = clean(name)
    if not name:
        raise Invalid(name=_("Type the name of the member."))
    with unit_of_work():
        member = Member.objects.create(
            organisation=access.organisation,
            user=user,
            name=name,
            profile=profile,
            role=role,
            phone=phone,
            position=Member.objects.count(),
        )
        record(access, "member.added", member, changes={"name": [None, name]})
    return member


def issue_token(access: Access, member: Member, *, name: str = "", permissions: tuple[str, ...] = ()) -> str:
    """Return a new key to the API for `member`; it is shown this once, only its hash is kept."""
    access.require("set_up.edit")
    secret = Token.new_secret()
    with unit_of_work():
        token = Token.objects.create(
            organisation=access.organisation,
            member=member,
            name=name,
            permissions=list(permissions),
            hash=Token.hash_of(secret),
            created_at=access.now,
        )
        record(access, "token.issued", token)
    return secret


def grant_permission(access: Access, profile: Profile, permission: str, *, granted: bool) -> Profile:
    """Give a profile a permission or take it away; administrators hold all of them anyway."""
    access.require("set_up.edit")
    if permission not in PERMISSIONS:
        raise LookupError(f"no such permission: {permission}")
    with unit_of_work():
        profile = locked(Profile.objects.all(), pk=profile.pk)
        before = list(profile.permissions)
        after = [one for one in before if one != permission] + ([permission] if granted else [])
        if (permission in before) != granted:
            profile.permissions = after
            profile.save(update_fields=["permissions"])
            record(access, "profile.changed", profile, changes={"permissions": [before, after]})
    return profile
