"""Deleting a service: only one that nobody is coming for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from carnet.appointments.models import OPEN, Appointment, Segment
from carnet.base.errors import TradeError
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.standing import change_offer
from carnet.catalogue.actions.trash import throw_away
from carnet.catalogue.models import Service
from carnet.organisations.access import Access


class StillBooked(TradeError):
    """The service has coming visits; it can be marked as not in use instead."""

    code = "still_booked"
    status = 409

    def __init__(self, service: str, count: int) -> None:
        super().__init__(service, count)
        self.service, self.count = service, count

    def sentence(self) -> str:
        return ngettext(
            "%(service)s has %(count)d coming visit; mark it as not in use instead.",
            "%(service)s has %(count)d coming visits; mark it as not in use instead.",
            self.count,
        ) % {"service": self.service, "count": self.count}

    def detail(self) -> dict[str, Any]:
        return {"coming_visits": self.count}


def coming_visits(access: Access, service: Service) -> QuerySet[Appointment]:
    """Return the open visits of the service that have not ended, whoever may see them: they are counted, not shown."""
    return Appointment.objects.filter(
        pk__in=Appointment.objects.filter(
            segments__service=service, segments__ends_at__gt=access.now, status__in=OPEN
        ).values("pk")
    )


def coming_by_service(access: Access, services: Iterable[Service]) -> dict[int, int]:
    """Return service id -> how many open visits of it have not ended, for those that have any."""
    rows = Segment.objects.filter(service__in=list(services), ends_at__gt=access.now, appointment__status__in=OPEN)
    counted = rows.order_by().values_list("service_id").annotate(visits=Count("appointment", distinct=True))
    return dict(counted)


def delete_service(access: Access, service: Service) -> Service:
    """Put the service into the bin, from which it can be restored for sixty days; raises StillBooked."""
    access.require("catalogue.delete")
    with unit_of_work():
        # Before counting: whoever books the service now has booked it before, or will find it gone.
        change_offer(access, service)
        if count := coming_visits(access, service).count():
            raise StillBooked(service.name, count)
        return throw_away(access, service)
