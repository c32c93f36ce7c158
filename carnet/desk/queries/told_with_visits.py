"""What is told with a visit of fields that the organisation added: its own, its customer's, those of what is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import F

from carnet.appointments.fields import APPOINTMENTS
from carnet.catalogue.fields import SERVICES
from carnet.customers.fields import CUSTOMERS
from carnet.customisation.predefined import STANDARD
from carnet.customisation.showing import Told, learn_looked_up, shown_fields, told_fields
from carnet.organisations.access import Access

Custom = Mapping[str, Any]
#: Whose fields stand on the card of a visit, in this order: module, layout, and whose they are to the visit.
_ON_CARDS = ((APPOINTMENTS, "create", ""), (CUSTOMERS, STANDARD, "customer__"), (SERVICES, STANDARD, "service__"))


def told_beside(
    access: Access, place: str, customer: Custom, services: Iterable[Custom], *, zone: str = ""
) -> list[Told]:
    """Return what the customer's fields and those of the services say that shows on a visit's "card" or "phone".

    Whoever sees the visit reads it, but for fields that are hidden from them.
    """
    told = told_fields(access, CUSTOMERS, customer, place, zone=zone)
    for custom in services:
        told += [one for one in told_fields(access, SERVICES, custom, place, zone=zone) if one not in told]
    return told


def columns_of_cards(access: Access, appointment: str, segment: str) -> dict[str, F]:
    """Return what is read for cards, by the paths to appointment and segment: nothing where no field stands there."""
    return {
        f"{module}_custom": F(f"{segment if module == SERVICES else appointment}{whose}custom")
        for module, layout, whose in _ON_CARDS
        if shown_fields(access, module, "card", layout=layout)
    }


def learn_for_cards(access: Access, rows: Sequence[Mapping[str, Any]]) -> None:
    """Read together what the fields on many cards look up, before they are told one by one."""
    for module, layout, _whose in _ON_CARDS:
        learn_looked_up(access, module, [_custom(row, module) for row in rows], "card", layout=layout)


def texts_on_card(access: Access, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the lines of one card."""
    told = told_fields(access, APPOINTMENTS, _custom(row, APPOINTMENTS), "card", layout="create")
    told += told_beside(access, "card", _custom(row, CUSTOMERS), [_custom(row, SERVICES)])
    return tuple(one.text for one in told)


def _custom(row: Mapping[str, Any], module: str) -> Custom:
    return row.get(f"{module}_custom") or {}
