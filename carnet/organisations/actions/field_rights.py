"""What a profile may do with single fields: taken away, and given back by who has it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, StaleVersion
from carnet.base.unit_of_work import repeatable
from carnet.organisations.above import require_not_above
from carnet.organisations.access import Access
from carnet.organisations.actions.profiles import locked_with_access
from carnet.organisations.activity import record
from carnet.organisations.errors import AboveOneself
from carnet.organisations.fields import EDITABLE, HIDDEN, modules, right_within, wider
from carnet.organisations.models import FieldRight, Profile

#: (module, field) -> "editable", "read_only" or "hidden".
Wanted = Mapping[tuple[str, str], str]


@repeatable
def set_field_rights(access: Access, profile: Profile, wanted: Wanted, *, seen: int | None = None) -> Profile:
    """Let a profile do with each field in `wanted` what is said there; it counts from its holders' next request.

    `seen` is the version of the profile that was looked at: what is decided on an earlier one is refused
    (StaleVersion). Raises AboveOneself for a profile that may more than the actor, and for a field that the actor may
    not use as much; Invalid for administrators' profiles, for what has no such field, and for hiding what names a
    record.
    """
    access.require("profiles.edit")
    profile, access = locked_with_access(access, profile)
    require_not_above(access, profile)
    if profile.administrator:
        raise Invalid(fields=_("Administrators always have every right."))
    if seen is not None and profile.version != seen:
        raise StaleVersion
    known = {(module.key, one.key): one.may_hide for module in modules() for one in module.all_fields(access)}
    rows = {(row.module, row.field): row for row in FieldRight.objects.filter(profile=profile)}
    before = {key: row.right for key, row in rows.items()}
    changed = {key: right for key, right in wanted.items() if before.get(key, EDITABLE) != right}
    for key, right in changed.items():
        if key not in known or right not in FieldRight.Right.values:
            raise Invalid(fields=_("There is no such field."))
        if right == HIDDEN and not known[key]:
            raise Invalid(fields=_("This field names the record: it cannot be hidden."))
        if wider(right, right_within(access.field_rights, *key)):
            raise AboveOneself
    if not changed:
        return profile
    for (module, field), right in changed.items():
        row = rows.get((module, field))
        if right == EDITABLE and row is not None:
            row.delete()
        elif right != EDITABLE:
            FieldRight.objects.update_or_create(
                profile=profile,
                module=module,
                field=field,
                defaults={"organisation": access.organisation, "right": right},
            )
    profile.version += 1
    profile.save(update_fields=["version"])
    told = [
        {f"{module}.{field}": rights.get((module, field), EDITABLE) for module, field in changed}
        for rights in (before, changed)
    ]
    record(access, "profile.changed", profile, changes={"field_rights": told})
    return profile
