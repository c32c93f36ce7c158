"""The records that hold values of a module's fields: each room says which of its tables they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Model
from django.utils.module_loading import import_string

from carnet.organisations.access import Access


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose rows have `custom` and a version; `found_anew` rebuilds by what else one of them is found."""

    model: type[Model]
    _found_anew: str = ""

    def found_anew(self, access: Access, record: Any) -> None:
        if self._found_anew:
            rebuild: Callable[[Access, Any], None] = import_string(self._found_anew)
            rebuild(access, record)


_kept: Final[dict[str, Kept]] = {}


def kept_in(module: str, model: type[Model], found_anew: str = "") -> None:
    """Declare where the values of a module's fields lie; `found_anew` is the dotted name of a function.

    Sheets are not declared: each stays as it was filled in.
    """
    _kept[module] = Kept(model, found_anew)


def kept_of(module: str) -> Kept | None:
    """Return where the values of a module's fields lie; None where records are never changed by a layout."""
    return _kept.get(module)
