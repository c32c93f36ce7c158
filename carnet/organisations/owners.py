"""Who can own a record: whom the actor reaches, so that nobody hides from themselves what they may see by mistake."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import lock_in_order, locked
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member, Profile

OwnedT = TypeVar("OwnedT", bound=Model)


def owners_offered(access: Access) -> QuerySet[Member]:
    """Return the active members whose records the actor may see: to these a record can be given."""
    members = Member.objects.filter(active=True)
    return members if access.reaches_everything else members.filter(pk__in=access.reached_members)


def house_is_offered(access: Access) -> bool:
    """Return whether the actor sees what has no owner, and so may let a record have none."""
    return access.reaches_everything or (access.profile is not None and access.profile.reach == Profile.Reach.ROLE)


def checked_owner(access: Access, owner: Member | None, *, house: bool) -> Member | None:
    """Return the owner as of now, locked until the end; raises Invalid for one who cannot be given a record."""
    if owner is None:
        if house:
            return None
        raise Invalid(owner=_("Choose the owner."))
    found = lock_in_order(owners_offered(access).filter(pk=owner.pk))
    if not found:
        raise Invalid(owner=_("This member cannot own it: choose somebody whose records you see."))
    return found[0]


def give(
    access: Access,
    rows: QuerySet[OwnedT],
    pk: int,
    owner: Member | None,
    *,
    house: bool,
    kind: str,
    version: int | None,
) -> OwnedT:
    """Let `owner` own the record `pk` of `rows`, within the running unit of work; `kind` is what the history calls it.

    Raises StaleVersion when `version` is no longer the record's, and what `checked_owner` raises.
    """
    owner = checked_owner(access, owner, house=house)
    found = locked(access.visible(rows), pk=pk)
    owned: Any = found
    if version is not None and version != owned.version:
        raise StaleVersion
    if owned.owner != owner:
        names = [one.name if one else None for one in (owned.owner, owner)]
        owned.owner = owner
        owned.version += 1
        owned.save(update_fields=["owner", "version"])
        record(access, kind, found, changes={"owned_by": names})
    return found
