"""The fields of every module, and what a profile may do with each, as its page draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.organisations.access import Access
from carnet.organisations.fields import EDITABLE, HIDDEN, READ_ONLY, Module, RecordField, modules, right_within, wider
from carnet.organisations.models import FieldRight, Profile

RIGHTS: Final[dict[str, str | Promise]] = {
    EDITABLE: gettext_lazy("Editable"),
    READ_ONLY: gettext_lazy("Read-only"),
    HIDDEN: gettext_lazy("Hidden"),
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One right to a field, as a radio button; `given` if the reader may give it."""

    right: str
    words: str
    chosen: bool
    given: bool


@dataclass(frozen=True, slots=True)
class FieldLine:
    name: str
    label: str
    #: None for a right that this field cannot have.
    choices: Sequence[Choice | None]
    #: What is said where the field follows another one.
    note: str
    differs: bool


@dataclass(frozen=True, slots=True)
class FieldTable:
    key: str
    label: str
    lines: Sequence[FieldLine]
    #: How many fields are not simply editable.
    differing: int


def field_tables(access: Access, profile: Profile) -> list[FieldTable]:
    """Return a table for each module that has fields; nothing for administrators, who have everything."""
    if profile.administrator:
        return []
    rows = FieldRight.objects.filter(profile=profile).values_list("module", "field", "right")
    rights = {(module, field): right for module, field, right in rows}
    tables = []
    for module in modules():
        if lines := [_line(access, module, one, rights) for one in module.all_fields(access)]:
            differing = sum(1 for line in lines if line.differs)
            tables.append(FieldTable(module.key, str(module.label), lines, differing))
    return tables


def _line(access: Access, module: Module, one: RecordField, rights: Mapping[tuple[str, str], str]) -> FieldLine:
    now = rights.get((module.key, one.key), EDITABLE)
    mine = right_within(access.field_rights, module.key, one.key)
    note = ""
    if one.copy_of and rights.get(one.copy_of) == HIDDEN:
        note = _("Hidden with the customer’s own.")
    return FieldLine(
        name=f"{module.key}.{one.key}",
        label=str(one.label),
        choices=[
            Choice(
                right,
                _("%(module)s, %(field)s: %(right)s")
                % {"module": module.label, "field": one.label, "right": str(words).lower()},
                right == now,
                not wider(right, mine),
            )
            if right != HIDDEN or one.may_hide
            else None
            for right, words in RIGHTS.items()
        ],
        note=note,
        differs=now != EDITABLE,
    )


def rights_typed(access: Access, data: QueryDict) -> dict[tuple[str, str], str]:
    """Return what is chosen in the tables; a field without a choice stays as it is."""
    known = {(module.key, one.key) for module in modules() for one in module.all_fields(access)}
    typed = {key: data.get(f"{key[0]}.{key[1]}", "") for key in known}
    return {key: right for key, right in typed.items() if right}


def rights_text(access: Access, value: Any) -> str:
    """Return rights as the history keeps them, "module.field" -> right, in words."""
    told = []
    for module in modules():
        for one in module.all_fields(access):
            if right := value.get(f"{module.key}.{one.key}"):
                told.append(
                    _("%(module)s, %(field)s: %(right)s")
                    % {"module": module.label, "field": one.label, "right": str(RIGHTS[right]).lower()}
                )
    return " · ".join(told)
