"""What the doors of every room ask about people: who is meant by an id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import BaseModel

from carnet.base.errors import Invalid
from carnet.organisations.access import Access
from carnet.organisations.models import Member


def member_asked(access: Access, public_id: UUID, field: str = "member") -> Member:
    """Return the member of that id; raises Invalid beside `field`, the same for none and for another organisation's."""
    member = access.visible(Member.objects.filter(public_id=public_id)).first()
    if member is None:
        raise Invalid(**{field: _("There is no such member.")})
    return member


def require_named(access: Access, module: str, sent: BaseModel, names: Mapping[str, str]) -> None:
    """Raise FieldRefused if a body names a field that may not be edited; `names` says which field each name is.

    Even with the value that it has: what is sent is meant to be taken, and is not.
    """
    access.require_fields(module, [names[name] for name in sorted(sent.model_fields_set) if name in names])


def member_output(member: Member) -> dict[str, Any]:
    return {"id": member.public_id, "name": member.name}
