"""Inviting by letter; where no mail leaves the house, the link is for the inviter to hand over."""

from __future__ import annotations

from django.conf import settings

from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.actions import invite_member
from carnet.organisations.models import Invitation, Member
from carnet.outbox.actions import announce


def is_mail_set_up() -> bool:
    """Return whether letters leave the house."""
    return bool(settings.MAIL_IS_SET_UP)


def invite(access: Access, member: Member, email: str) -> Invitation:
    """Invite the member, and send the letter with the link if outgoing mail is set up.

    The message holds no secret: the link is put together when the letter is written.
    """
    with unit_of_work():
        invitation = invite_member(access, member, email)
        facts = {
            "language": access.organisation.language,
            "business": access.organisation.name,
            "name": member.name,
            "by": access.actor.name,
            "until": invitation.expires_at.isoformat(),
            "zone": access.organisation.zone,
        }
        recipient = invitation.email if is_mail_set_up() else ""
        announce(access, "invitation", invitation, recipient=recipient, facts=facts)
    return invitation
