"""Whether a module is on, asked by `Access.require` for every permission that belongs to it."""

from __future__ import annotations

from carnet.base.prepared import Prepared
from carnet.customisation.models import Module
from carnet.organisations.access import Access, asks_modules


@asks_modules
def module_is_on(access: Access, module: str) -> bool:
    """Return whether `module` is on in the organisation, which is open; asked of the database once an access."""
    known: dict[str, bool] = access.__dict__.setdefault("_modules", {})
    if module not in known:
        found = _by_key.one(module)
        known[module] = found is not None and found.on
    return known[module]


_by_key = Prepared(lambda key: Module.objects.filter(key=key))
