"""The records that hold values of own fields: each room says what they are, who sees them and who fills them in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.module_loading import import_string

from carnet.organisations.access import Access


@dataclass(frozen=True, slots=True)
class Holder:
    """Records of a module: seen by whoever has all of `seen_by`, filled in by whoever has one of `filled_by`."""

    model: type[Model]
    seen_by: tuple[str, ...]
    filled_by: tuple[str, ...]
    #: Whether what was filled in stays as it was, whatever becomes of the layout.
    stays: bool = False
    #: The dotted name of the function that rebuilds by what else a record is found.
    rebuild: str = ""

    def found_anew(self, access: Access, record: Any) -> None:
        """Rebuild by what else the record is found."""
        if self.rebuild:
            found_anew: Callable[[Access, Any], None] = import_string(self.rebuild)
            found_anew(access, record)


_holders: dict[str, Holder] = {}


def holds_values(module: str, model: type[Model], **how: Any) -> None:
    """Declare what holds the values of a module's own fields; `how` are the other attributes of a Holder."""
    _holders[module] = Holder(model, **how)


def follows_layout(module: str) -> Holder | None:
    """Return what holds the values of a module; None where records stay as they were filled in."""
    holder = _holders[module]
    return None if holder.stays else holder


def sees_record(access: Access, module: str, pk: int) -> bool:
    """Return whether the actor may look at this record of a module."""
    holder = _holders[module]
    if not all(access.may(permission) for permission in holder.seen_by):
        return False
    return access.visible(holder.model._default_manager.all()).filter(pk=pk).exists()


def may_fill(access: Access, module: str, key: str) -> bool:
    """Return whether the actor may fill in this field of some record of a module."""
    return any(access.may(one) for one in _holders[module].filled_by) and access.may_edit_field(module, key)


def require_fill(access: Access, module: str, key: str) -> None:
    """Raise unless `may_fill`, as the action that writes the record would."""
    permissions = _holders[module].filled_by
    if not any(access.may(one) for one in permissions):
        access.require(permissions[0])
    access.require_fields(module, [key])
