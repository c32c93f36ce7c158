"""The bin: a deleted service appears nowhere, keeps its visits, and can be brought back for sixty days."""

from __future__ import annotations

from django.utils.translation import gettext as _

from carnet.base.errors import TradeError
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.standing import change_offer
from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Service
from carnet.catalogue.queries import KEPT
from carnet.customisation.actions.keeping import forget_values
from carnet.organisations.access import Access
from carnet.organisations.activity import record


class OutOfTheBin(TradeError):
    """The service was deleted too long ago to be brought back."""

    code = "too_late"
    status = 409

    def sentence(self) -> str:
        return _("This service was deleted more than 60 days ago and can no longer be restored.")


def throw_away(access: Access, service: Service) -> Service:
    """Put the service into the bin. Doors call `appointments.actions.delete_service`, which asks first."""
    access.require("catalogue.delete")
    with unit_of_work():
        change_offer(access, service)
        service = locked(Service.objects.all(), pk=service.pk)
        if service.deleted_at is None:
            service.deleted_at = access.now
            service.version += 1
            service.save(update_fields=["deleted_at", "version"])
            record(access, "service.deleted", service, changes={"deleted_at": [None, access.now.isoformat()]})
    return service


def restore_service(access: Access, service: Service) -> Service:
    """Take the service out of the bin as it was; raises OutOfTheBin after sixty days."""
    access.require("catalogue.delete")
    with unit_of_work():
        change_offer(access, service)
        service = locked(Service.objects.all(), pk=service.pk)
        if service.deleted_at is not None:
            if service.deleted_at <= access.now - KEPT:
                raise OutOfTheBin
            before = service.deleted_at.isoformat()
            service.deleted_at = None
            service.version += 1
            service.save(update_fields=["deleted_at", "version"])
            record(access, "service.restored", service, changes={"deleted_at": [before, None]})
    return service


def empty_bin(access: Access) -> int:
    """Throw away for good what was deleted more than sixty days ago and was never booked; return how many.

    What was booked stays, unseen, for the visits that were sold as it.
    """
    access.require("catalogue.delete")
    gone = Service.objects.filter(deleted_at__lte=access.now - KEPT, segments__isnull=True)
    with unit_of_work():
        for service in gone:
            record(access, "service.thrown_away", service, changes={"name": [service.name, None]})
            forget_values(SERVICES, service.pk)
            service.delete()
    return len(gone)
