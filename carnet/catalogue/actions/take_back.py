"""Taking back a change of the catalogue as if it had not been made: for undoing it, not for ending it."""

from __future__ import annotations

from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.standing import change_offer
from carnet.catalogue.models import Outage, Service
from carnet.organisations.access import Access
from carnet.organisations.activity import record


def take_back_outage(access: Access, service: Service, outage_id: int) -> None:
    """Take an outage away, begun or not; one that was ended or taken away in the meantime is left as it is."""
    access.require("catalogue.edit")
    with unit_of_work():
        change_offer(access, service)
        outage = Outage.objects.filter(pk=outage_id, service=service).first()
        if outage is None or outage.version > 1:
            return
        period = [outage.starts_at.isoformat(), outage.ends_at.isoformat()]
        outage.delete()
        record(access, "service.available", service, changes={"outage": [period, None]})


def put_back_in_use(access: Access, service: Service, *, version: int) -> Service:
    """Put a service back in use as it was; raises StaleVersion if it has changed since it was taken out."""
    access.require("catalogue.edit")
    with unit_of_work():
        change_offer(access, service)
        service = locked(Service.objects.all(), pk=service.pk)
        if service.version != version:
            raise StaleVersion
        service.in_use = True
        service.version += 1
        service.save(update_fields=["in_use", "version"])
        record(access, "service.available", service, changes={"in_use": [False, True]})
    return service
