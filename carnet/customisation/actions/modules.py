"""Modules, switched on and off."""

from __future__ import annotations

from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customisation.errors import UnknownModule
from carnet.customisation.models import Module
from carnet.organisations.access import Access
from carnet.organisations.activity import record


@repeatable
def switch_module(access: Access, key: str, on: bool) -> Module:
    """Switch a module on or off; nothing that it holds is lost. Switching it to what it is changes nothing."""
    access.require("set_up.edit")
    return _switch(access, key, on)


@repeatable
def use_job_sheets(access: Access, on: bool) -> Module:
    """Say whether the organisation uses job sheets, for all its services; those filled in are kept either way.

    Whoever sees the services decides this, and need not be let into anything else of the set-up.
    """
    access.require("catalogue.see")
    return _switch(access, Module.Key.JOB_SHEETS, on)


def _switch(access: Access, key: str, on: bool) -> Module:
    if key not in Module.Key.values:
        raise UnknownModule(key)
    module, created = Module.objects.get_or_create(organisation=access.organisation, key=key)
    module = locked(Module.objects.all(), pk=module.pk)
    if created or module.on != on:
        before = None if created else module.on
        module.on, module.switched_at = on, access.now
        module.save(update_fields=["on", "switched_at"])
        record(access, "module.switched", module, changes={key: [before, on]})
    # What this access has learnt about modules is no longer true.
    access.modules.clear()
    return module
