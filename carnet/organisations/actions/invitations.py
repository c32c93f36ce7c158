"""Inviting a member to sign in: bound to one address, accepted once."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.base.constraints import violated
from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.scopes import open_organisation
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.actions.membership import locked_member
from carnet.organisations.activity import record
from carnet.organisations.doors import PUBLIC
from carnet.organisations.errors import ForSomebodyElse, InvitationSpent
from carnet.organisations.invitations import LASTS, has_account, hash_of, secret_of, still_open
from carnet.organisations.models import Invitation, Member, User


def invite_member(access: Access, member: Member, email: str) -> Invitation:
    """Invite `member`, who has no sign-in yet, to sign in with `email`; the invitation before, if any, is void.

    Raises AboveOneself for who may do more than the actor, and Invalid if the member cannot be invited or the address
    is another member's.
    """
    access.require("members.edit")
    email = email.strip().lower()
    with unit_of_work():
        member = locked_member(access, member)
        if not member.active:
            raise Invalid(email=_("%(name)s is deactivated. Reactivate first.") % {"name": member.name})
        if member.user_id is not None:
            raise Invalid(email=_("%(name)s signs in already.") % {"name": member.name})
        if Member.objects.filter(user__email=email).exists():
            raise Invalid(email=_("Another member signs in with this address already."))
        if still_open(access.now).filter(email=email).exclude(member=member).exists():
            raise Invalid(email=_("Another member is invited at this address already."))
        _void(access, member)
        public_id = uuid4()
        invitation = Invitation.objects.create(
            organisation=access.organisation,
            public_id=public_id,
            member=member,
            email=email,
            hash=hash_of(secret_of(public_id)),
            invited_by=access.member,
            created_at=access.now,
            expires_at=access.now + LASTS,
        )
        record(access, "member.invited", member, changes={"email": [None, email]})
    return invitation


def revoke_invitation(access: Access, member: Member) -> None:
    """Void the open invitation of `member`; nothing happens if there is none any more."""
    access.require("members.edit")
    with unit_of_work():
        member = locked_member(access, member)
        if _void(access, member):
            record(access, "member.invitation_revoked", member)


def _void(access: Access, member: Member) -> int:
    waiting = Invitation.objects.filter(member=member, accepted_at__isnull=True, revoked_at__isnull=True)
    return waiting.update(revoked_at=access.now)


def accept_invitation(invitation: Invitation, now: datetime, *, user: User | None = None, password: str = "") -> User:
    """Let the invited member sign in from now on: as `user`, or with a new account of the address and `password`.

    There is no Access yet to ask: whoever holds the link may accept it. Raises InvitationSpent, and ForSomebodyElse
    for a user with another address, or no user where the address has an account.
    """
    try:
        with open_organisation(invitation.organisation):
            return _accepted(invitation, now, user, password)
    except IntegrityError as error:
        if violated(error) != "member_once_per_organisation" and not has_account(invitation.email):
            raise
        # The same address was given to somebody else here, or an account of it was made at this moment.
        raise InvitationSpent from None


@repeatable
def _accepted(invitation: Invitation, now: datetime, user: User | None, password: str) -> User:
    # The member first, as whoever invites or deactivates does: the invitation is judged once that is held.
    member = locked(Member.objects.all(), pk=invitation.member_id)
    if not still_open(now).filter(pk=invitation.pk).exists():
        raise InvitationSpent
    if user is None:
        if has_account(invitation.email):
            raise ForSomebodyElse
        user = User.objects.create_user(invitation.email, password, language=invitation.organisation.language)
    if user.email != invitation.email or not user.is_active:
        raise ForSomebodyElse
    member.user = user
    member.version += 1
    member.save(update_fields=["user", "version"])
    Invitation.objects.filter(pk=invitation.pk).update(accepted_at=now)
    record(Access.for_member(member, now, door=PUBLIC), "member.joined", member, changes={"email": [None, user.email]})
    return user
