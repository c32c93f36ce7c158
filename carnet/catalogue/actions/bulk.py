"""Changing a selection of services in one step: all of them, or none and a report that says why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, NotPermitted, TradeError
from carnet.base.money import half_up
from carnet.base.unit_of_work import repeatable, unit_of_work
from carnet.catalogue.actions.edit import edit_service
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.models import Resource
from carnet.resources.timetable import change_timetable


@dataclass(frozen=True, slots=True)
class Row:
    """One service of a selection that refused the change, and why."""

    service: Service
    sentence: str


class SelectionRefused(TradeError):
    """Some services of a selection cannot be changed as asked, so none was; `rows` says which and why."""

    code = "selection_refused"
    status = 409

    def __init__(self, rows: Sequence[Row]) -> None:
        super().__init__([row.service.pk for row in rows])
        self.rows = tuple(rows)

    def sentence(self) -> str:
        return (
            _("Nothing was changed:")
            + " "
            + " ".join(
                _("%(service)s: %(reason)s") % {"service": row.service.name, "reason": row.sentence}
                for row in self.rows
            )
        )

    def detail(self) -> dict[str, Any]:
        return {
            "refused": [{"service": str(row.service.public_id), "sentence": row.sentence} for row in self.rows],
        }


def change_each(access: Access, services: Iterable[Service], change: Callable[[Access, Service], object]) -> int:
    """Run `change` on each service as it is now, in one unit of work; return how many.

    Raises SelectionRefused, and then none is changed.
    """
    access.require("catalogue.edit")
    return _changed(access, {service.pk: service for service in services}, change)


@repeatable
def _changed(access: Access, asked: Mapping[int, Service], change: Callable[[Access, Service], object]) -> int:
    refused: list[Row] = []
    with unit_of_work():
        # All locks at once and before anything is read: two selections neither wait for each other crosswise, nor does
        # one raise prices that the other is raising.
        change_timetable(access, Resource.objects.all())
        selection = list(access.visible(Service.objects.filter(deleted_at__isnull=True, pk__in=asked)).order_by("pk"))
        gone = asked.keys() - {service.pk for service in selection}
        refused += [Row(asked[pk], _("There is no such service.")) for pk in sorted(gone)]
        for service in selection:
            try:
                with unit_of_work():
                    change(access, service)
            except NotPermitted:
                # Not a matter of this service or that.
                raise
            except TradeError as error:
                refused.append(Row(service, error.sentence()))
        if refused:
            raise SelectionRefused(refused)
    return len(selection)


def add_provider(member: Member) -> Callable[[Access, Service], object]:
    """Return the change that lets a member provide a service, at the service's price."""

    def change(access: Access, service: Service) -> object:
        details = details_of(service)
        if member in details.members:
            return service
        return edit_service(access, service, replace(details, members=[*details.members, member]))

    return change


def change_prices(percent: int) -> Callable[[Access, Service], object]:
    """Return the change that raises (or, below 0, lowers) all prices of a service by a percentage, half-up.

    Raises Invalid for less than -100 or more than 1000 percent.
    """
    if not -100 <= percent <= 1000:
        raise Invalid(percent=_("Type a percentage between −100 and 1000."))

    def changed(price: int) -> int:
        return half_up(price * (100 + percent), 100)

    def change(access: Access, service: Service) -> object:
        details = details_of(service)
        return edit_service(
            access,
            service,
            replace(
                details,
                price=changed(details.price),
                member_prices={pk: changed(price) for pk, price in details.member_prices.items()},
                length_prices={minutes: changed(price) for minutes, price in details.length_prices.items()},
                add_ons=[replace(add_on, price=changed(add_on.price)) for add_on in details.add_ons],
            ),
        )

    return change
