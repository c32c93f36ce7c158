"""Whether a module is on, asked by `Access.require` for every permission that belongs to it."""

from __future__ import annotations

from carnet.customisation.models import Module
from carnet.organisations.access import Access, asks_modules


@asks_modules
def module_is_on(access: Access, module: str) -> bool:
    """Return whether `module` is on in the access's organisation; asked of the database once an access."""
    known = access.__dict__.get("_modules")
    if known is None:
        known = access.__dict__["_modules"] = frozenset(
            Module.objects.filter(organisation=access.organisation, on=True).values_list("key", flat=True)
        )
    return module in known
