"""Keys to the API: issued by anybody for oneself, by an administrator for a member; never more than its owner may."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, NotPermitted
from carnet.base.locking import locked
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.above import may_everything
from carnet.organisations.access import Access
from carnet.organisations.actions.profiles import with_grounds
from carnet.organisations.activity import record
from carnet.organisations.models import Member, Token
from carnet.organisations.permissions import PERMISSIONS


def issue_token(
    access: Access,
    member: Member,
    *,
    name: str = "",
    permissions: Collection[str] = (),
    expires_at: datetime | None = None,
) -> str:
    """Return a new key to the API for `member`; it is shown this once, only its hash is kept.

    `permissions` narrow it, with what they rest on; without any it may all that its member may, now and later. Raises
    NotPermitted for a key of somebody else unless the actor is an administrator, Invalid for permissions that the
    member lacks, a member who has left, or an expiry that has passed.
    """
    _require_own(access, member)
    name = clean(name)
    if unknown := set(permissions) - set(PERMISSIONS):
        raise LookupError(f"no such permissions: {', '.join(sorted(unknown))}")
    if expires_at is not None and expires_at <= access.now:
        raise Invalid(expires=_("Choose a moment to come."))
    secret = Token.new_secret()
    with unit_of_work():
        member = locked(Member.objects.select_related("profile"), pk=member.pk)
        if not member.active:
            raise Invalid(member=_("%(name)s is no longer a member.") % {"name": member.name})
        whole = with_grounds(permissions)
        owner = Access.for_member(member, access.now)
        if any(not owner.holds(one) for one in whole):
            raise Invalid(permissions=_("A key never opens more than its member’s profile does."))
        token = Token.objects.create(
            organisation=access.organisation,
            member=member,
            name=name,
            permissions=whole,
            hash=Token.hash_of(secret),
            created_at=access.now,
            expires_at=expires_at,
        )
        changes: dict[str, list[Any]] = {
            "name": [None, name],
            "member": [None, member.name],
            "permissions": [None, whole],
            "expires_at": [None, expires_at.isoformat() if expires_at else None],
        }
        record(access, "token.issued", token, changes=changes)
    return secret


def revoke_token(access: Access, token: Token) -> Token:
    """Let a key open nothing any more, from its next request on; it stays revoked. Raises as `tokens_within_reach`."""
    with unit_of_work():
        token = locked(tokens_within_reach(access), pk=token.pk)
        if token.revoked_at is None:
            token.revoked_at = access.now
            token.version += 1
            token.save(update_fields=["revoked_at", "version"])
            changes = {"name": [token.name, None], "member": [token.member.name, None]}
            record(access, "token.revoked", token, changes=changes)
    return token


def tokens_within_reach(access: Access) -> QuerySet[Token]:
    """Return the keys that the actor may see and revoke: one's own, or all for an administrator."""
    found = Token.objects.select_related("member")
    return found if may_everything(access) else found.filter(member=access.member)


def own_tokens(access: Access) -> QuerySet[Token]:
    """Return the actor's own keys, also for an administrator; none for who is no member."""
    return Token.objects.select_related("member").filter(member=access.member)


def _require_own(access: Access, member: Member) -> None:
    if not may_everything(access) and (access.member is None or access.member.pk != member.pk):
        raise NotPermitted("token.issue")
