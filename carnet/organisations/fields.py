"""The fields of records, and what a profile may do with each: edit it, read it, or not even know of it.

Each room declares its built-in fields in one list, as it says who sees its records. Who asks is answered by `Access`
(`field_right`, `may_read_field`, `may_edit_field`); what leaves by a door goes through `without_hidden`, what comes in
through `Access.require_fields`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.functional import Promise

from carnet.organisations.models import FieldRight

if TYPE_CHECKING:
    from carnet.organisations.access import Access

EDITABLE: Final = FieldRight.Right.EDITABLE.value
READ_ONLY: Final = FieldRight.Right.READ_ONLY.value
HIDDEN: Final = FieldRight.Right.HIDDEN.value
#: From the least to the most.
_ORDER: Final = (HIDDEN, READ_ONLY, EDITABLE)


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a module's records."""

    key: str
    label: str | Promise
    #: What names a record, or says when and by whom it is, is never hidden: it can only be made read-only.
    may_hide: bool = True
    #: The field of another module that this one is copied from: where that is hidden, so is its copy.
    copy_of: tuple[str, str] | None = None
    #: Under which names its changes stand in the history, besides its own.
    history: tuple[str, ...] = ()


#: Further fields of a module, those that an organisation added or laid out itself.
MoreFields = Callable[["Access"], Sequence[RecordField]]


@dataclass(frozen=True, slots=True)
class Module:
    """A module whose records have fields that can be taken away."""

    key: str
    label: str | Promise
    #: The sort of record in the history that these are the fields of.
    subject: str
    fields: Sequence[RecordField]
    more: MoreFields | None = None

    def all_fields(self, access: Access) -> list[RecordField]:
        if self.more is None:
            return list(self.fields)
        known = f"fields of {self.key}"
        if known not in access.memory:
            access.memory[known] = list(self.more(access))
        return [*self.fields, *access.memory[known]]

    def field(self, key: str) -> RecordField | None:
        """Return the built-in field of that key; None for one that an organisation added ("f12")."""
        found = next((one for one in self.fields if one.key == key), None)
        if found is None and not is_added(key):
            raise LookupError(f"{self.key} has no field {key}")
        return found


_modules: dict[str, Module] = {}


def declare_fields(module: Module) -> None:
    """Declare the fields of a module; rooms do so in their `permissions`."""
    _modules[module.key] = module


def modules() -> list[Module]:
    """Return what was declared, in the order of the rooms."""
    return list(_modules.values())


def module_of(key: str) -> Module:
    return _modules[key]


def is_added(key: str) -> bool:
    """Return whether this is the key of a field that an organisation added."""
    return key[:1] == "f" and key[1:].isdecimal()


def wider(right: str, than: str) -> bool:
    return _ORDER.index(right) > _ORDER.index(than)


def narrower_of(one: str, other: str) -> str:
    return other if wider(one, other) else one


def right_within(rights: Mapping[tuple[str, str], str], module: str, key: str) -> str:
    """Return what `rights` leave of a field: its own right, and hidden where it copies what is hidden."""
    found = module_of(module).field(key)
    own = rights.get((module, key), EDITABLE)
    if found is not None and found.copy_of and rights.get(found.copy_of) == HIDDEN:
        return HIDDEN
    return own


def added_label(access: Access, subject: str, key: str) -> str:
    """Return what an organisation calls a field that it added to records of this sort, "" if there is none."""
    module = next((one for one in _modules.values() if one.subject == subject), None)
    found = (one.label for one in module.all_fields(access) if one.key == key) if module and is_added(key) else ()
    return str(next(iter(found), ""))


def without_hidden(access: Access, module: str, output: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return what leaves by a door without what is hidden; `names` says which field each name of it tells."""
    if not access.field_rights:
        return output
    return {
        name: value for name, value in output.items() if name not in names or access.may_read_field(module, names[name])
    }


def changes_told(access: Access, subject: str, changes: Mapping[str, list[Any]]) -> Iterator[tuple[str, Any, Any]]:
    """Yield what the reader may know of changes of a record: its fields with what they were and became."""
    module = next((one for one in _modules.values() if one.subject == subject), None)
    for name, (before, after) in changes.items():
        if module is None or may_know(access, module, name):
            yield name, before, after


def may_know(access: Access, module: Module, name: str) -> bool:
    """Return whether the reader may read the field whose changes stand under `name`."""
    if not access.field_rights:
        return True
    if is_added(name):
        return access.may_read_field(module.key, name)
    return all(
        access.may_read_field(module.key, one.key) for one in module.fields if name == one.key or name in one.history
    )
