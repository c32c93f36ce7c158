"""What profiles may do: the rights to a module, given and taken by who holds them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.base.locking import lock_in_order, locked
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.above import as_now, require_not_above
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Profile
from carnet.organisations.permissions import MODULE_RIGHTS, RESTS_ON

Wanted = Mapping[Profile, Collection[str]]


def set_module_rights(
    access: Access, module: str, wanted: Wanted, *, seen: Mapping[int, int] | None = None
) -> list[Profile]:
    """Give each profile in `wanted` exactly these rights to the module, and return those that have changed.

    A right comes with the one it rests on: who may edit services may see them. `seen` says which version of a
    profile (by its key) was looked at: what is decided on an earlier one than it has now is refused (StaleVersion),
    unless it is so already. Raises NotPermitted for a right that the actor does not hold, AboveOneself for a profile
    that may more than the actor, from which nothing is taken either, and Invalid for a profile of administrators, who
    hold all of them, or of another organisation; nothing has changed then.
    """
    access.require("profiles.edit")
    known = MODULE_RIGHTS[module]
    with unit_of_work():
        found = {row.pk: row for row in lock_in_order(Profile.objects.filter(pk__in=[one.pk for one in wanted]))}
        now = as_now(access)
        now.require("profiles.edit")
        changed = []
        for shown, rights in wanted.items():
            profile = found.get(shown.pk)
            if profile is None:
                raise Invalid(profiles=_("There is no such profile."))
            if profile.administrator:
                raise Invalid(profiles=_("Administrators always have every right."))
            before = list(profile.permissions)
            after = _with_rights(before, known, rights)
            if after == before:
                continue
            if profile.version != (seen or {}).get(profile.pk, profile.version):
                raise StaleVersion
            for right in set(after) - set(before):
                if not now.holds(right):
                    raise NotPermitted(right)
            require_not_above(now, profile)
            profile.permissions = after
            profile.version += 1
            profile.save(update_fields=["permissions", "version"])
            record(access, "profile.changed", profile, changes={"permissions": [before, after]})
            changed.append(profile)
    return changed


def grant_permission(access: Access, profile: Profile, permission: str, *, granted: bool) -> Profile:
    """Give a profile a permission or take it away; administrators hold all of them anyway."""
    access.require("profiles.edit")
    if granted and not access.holds(permission):
        raise NotPermitted(permission)
    with unit_of_work():
        profile = locked(Profile.objects.all(), pk=profile.pk)
        require_not_above(as_now(access), profile)
        before = list(profile.permissions)
        after = [one for one in before if one != permission] + ([permission] if granted else [])
        if (permission in before) != granted:
            profile.permissions = after
            profile.version += 1
            profile.save(update_fields=["permissions", "version"])
            record(access, "profile.changed", profile, changes={"permissions": [before, after]})
    return profile


def _with_rights(held: list[str], known: tuple[str, ...], rights: Collection[str]) -> list[str]:
    """Return what a profile holds once it has `rights` of the `known` ones, with those that they rest on."""
    if unknown := set(rights) - set(known):
        raise LookupError(f"no such rights: {', '.join(sorted(unknown))}")
    whole = set(rights) | {RESTS_ON[right] for right in rights if right in RESTS_ON}
    if whole == set(held) & set(known):
        return held
    return [one for one in held if one not in known] + [one for one in known if one in whole]
