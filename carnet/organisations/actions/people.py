"""Members of an organisation."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.above import require_not_above
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member, Profile, Role, User


def add_member(
    access: Access, name: str, *, profile: Profile, role: Role, user: User | None = None, phone: str = ""
) -> Member:
    """Add a person to the organisation; may have no sign-in yet. Raises AboveOneself for a profile that allows more."""
    access.require("set_up.edit")
    require_not_above(access, profile)
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
