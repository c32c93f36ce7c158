"""Whether a module is on, asked by `Access.require` for every permission that belongs to it."""

from __future__ import annotations

from typing import Final

from django.db.models import Exists, OuterRef
from django.db.models.expressions import Combinable

from carnet.base.prepared import Prepared
from carnet.customisation.models import Module
from carnet.organisations.access import Access, asks_modules, tells_modules

#: Whoever may see the records of a module may know what its layouts ask.
SEEN_BY: Final = {
    "services": "catalogue.see",
    "customers": "customers.see",
    "appointments": "appointments.see",
    "job_sheets": "job_sheets.see",
}


@asks_modules
def module_is_on(access: Access, module: str) -> bool:
    """Return whether `module` is on in the organisation, which is open; read at most once an access."""
    known = access.modules
    if module not in known:
        found = _by_key.one(module)
        known[module] = found is not None and found.on
    return known[module]


@tells_modules
def modules_told(way: str) -> dict[str, Combinable]:
    """Return a condition for each module that is met where it is on, for a query that knows the `way` to its tenant."""
    return {key: Exists(Module.objects.filter(organisation=OuterRef(way), key=key, on=True)) for key in Module.Key}


_by_key = Prepared(lambda key: Module.objects.filter(key=key))
