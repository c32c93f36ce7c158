"""The records that hold values of own fields: each room says what they are, who sees them and who fills them in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model

from carnet.organisations.access import Access


@dataclass(frozen=True, slots=True)
class Holder:
    """Records of a module: seen by whoever has all of `seen_by`, filled in by whoever has one of `filled_by`."""

    model: type[Model]
    seen_by: tuple[str, ...]
    filled_by: tuple[str, ...]


_holders: dict[str, Holder] = {}


def holds_values(module: str, model: type[Model], *, seen_by: tuple[str, ...], filled_by: tuple[str, ...]) -> None:
    """Declare what holds the values of a module's own fields."""
    _holders[module] = Holder(model, seen_by, filled_by)


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
