"""The link of an invitation: what it is made of, what it opens, and how it looks as a QR code."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import segno
from django.conf import settings
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from carnet.base.scopes import scopes_disabled
from carnet.organisations.models import Invitation, User

#: How long an invitation can be accepted.
LASTS: Final = timedelta(days=7)


def secret_of(public_id: UUID) -> str:
    """Return the secret of an invitation: made of its id with the key of this installation, and kept nowhere.

    So the letter can be written, and written again, from what is stored; who reads the database alone cannot.
    """
    mac = salted_hmac("carnet.organisations.invitation", str(public_id), algorithm="sha256")
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def link_for(invitation: Invitation) -> str:
    """Return the address that accepts it; it begins with the configured one, never with what a request claims (J5)."""
    # Not by `reverse`: inside an organisation that puts the organisation's address before it.
    return f"{settings.BASE_ADDRESS}/accounts/invitations/{secret_of(invitation.public_id)}/"


def qr_code(link: str) -> str:
    """Return the link as an SVG element: dark on white whatever the page's colours, as scanners want it."""
    svg = segno.make(link, error="m").svg_inline(border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr-code")
    return str(svg)


def still_open(now: datetime) -> QuerySet[Invitation]:
    """Return the invitations that can be accepted now."""
    return Invitation.objects.filter(
        accepted_at__isnull=True,
        revoked_at__isnull=True,
        expires_at__gt=now,
        member__active=True,
        member__user__isnull=True,
    )


def opened_by(secret: str, now: datetime) -> Invitation | None:
    """Return the invitation that this secret opens, None for one that is spent, revoked, expired or made up."""
    # Whose organisation it is, only the link can tell: no scope can be open yet.
    with scopes_disabled():
        found = still_open(now).filter(hash=hash_of(secret))
        invitation = found.select_related("organisation", "member", "invited_by").first()
    return None if invitation is None or invitation.organisation.is_gone(now) else invitation


def has_account(email: str) -> bool:
    """Return whether somebody signs in with this address already."""
    return User.objects.filter(email=email).exists()
