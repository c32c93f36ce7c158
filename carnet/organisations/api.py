"""What the doors of every room ask about people: who is meant by an id."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.organisations.access import Access
from carnet.organisations.models import Member


def member_asked(access: Access, public_id: UUID, field: str = "member") -> Member:
    """Return the member of that id; raises Invalid beside `field`, the same for none and for another organisation's."""
    member = access.visible(Member.objects.filter(public_id=public_id)).first()
    if member is None:
        raise Invalid(**{field: _("There is no such member.")})
    return member


def member_output(member: Member) -> dict[str, Any]:
    return {"id": member.public_id, "name": member.name}
