"""Requiring a second step at sign-in, profile by profile."""

from __future__ import annotations

from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.organisations.above import as_now, require_not_above
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Profile


@repeatable
def require_second_step(access: Access, profile: Profile, required: bool, *, seen: int | None = None) -> Profile:
    """Let whoever holds the profile see nothing here before a second step stands at their sign-in, or no longer so.

    It counts from their next request. Administrators' profiles are no exception: those need it most. Raises
    AboveOneself for a profile that may more than the actor, StaleVersion if it was changed since version `seen`.
    """
    access.require("profiles.edit")
    profile = locked(Profile.objects.all(), pk=profile.pk)
    access = as_now(access)
    access.require("profiles.edit")
    require_not_above(access, profile)
    if seen is not None and profile.version != seen:
        raise StaleVersion
    if profile.second_step != required:
        profile.second_step = required
        profile.version += 1
        profile.save(update_fields=["second_step", "version"])
        record(access, "profile.changed", profile, changes={"second_step": [not required, required]})
    return profile
