"""The image of a service by itself: given, changed, taken away."""

from __future__ import annotations

from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.fields import require_parts
from carnet.catalogue.models import Picture, Service
from carnet.catalogue.pictures import Drawn
from carnet.organisations.access import Access
from carnet.organisations.activity import record


def change_image(access: Access, service: Service, image: Drawn | None, *, version: int | None = None) -> Service:
    """Give the service this image in place of the one it had, or none; nothing else of it is looked at.

    Raises StaleVersion if the service is no longer the `version` that was read.
    """
    access.require("catalogue.edit")
    require_parts(access, ["image"])
    with unit_of_work():
        service = locked(access.visible(Service.objects.all()), pk=service.pk)
        if version is not None and version != service.version:
            raise StaleVersion
        gone, _rows = Picture.objects.filter(service=service).delete()
        if image is not None:
            Picture.objects.create(organisation=access.organisation, service=service, **image.columns)
        if gone or image is not None:
            service.version += 1
            service.save(update_fields=["version"])
            record(access, "service.edited", service, changes={"image": [None, "changed" if image else None]})
    return service
