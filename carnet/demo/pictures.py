"""Hanging the pictures of a demo business: after the first page is served, for drawing takes a second or two."""

from __future__ import annotations

from datetime import datetime

from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.image import change_image
from carnet.catalogue.models import Picture, Service
from carnet.catalogue.pictures import drawn
from carnet.demo.crew import Crew
from carnet.demo.illustrations import illustration


def hang_pictures(crew: Crew, now: datetime) -> int:
    """Give the demo's services their pictures, unless the business has any; return how many. All, or none."""
    motifs = {sold.name: (sold.motif, sold.hue) for sold in crew.plan.services if sold.motif}
    if not motifs or Picture.objects.exists():
        return 0
    services = list(Service.objects.filter(name__in=motifs, deleted_at__isnull=True))
    pictures = {service.pk: drawn(illustration(*motifs[service.name])) for service in services}
    with unit_of_work():
        for service in services:
            change_image(crew.administrator(now), service, pictures[service.pk])
    return len(services)
