"""Beginning a catalogue with the example of a trade."""

from __future__ import annotations

from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.actions.create import create_service
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.examples import Example, written_for
from carnet.catalogue.models import Service
from carnet.catalogue.queries import usual_taxes
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.models import Resource


def add_example(access: Access, example: Example) -> list[Service]:
    """Add the services of an example, provided by all active members; what is there by name already is left out.

    They are written in the organisation's language and currency, and are ordinary services from then on. What only the
    layout demands they lack, as services do that are older than the demand: it is asked for when one is edited.
    """
    access.require("catalogue.create")
    with unit_of_work():
        there = {name.casefold() for name in Service.objects.filter(deleted_at=None).values_list("name", flat=True)}
        at_work = Resource.objects.filter(active=True, member__isnull=False).values("member")
        members = list(Member.objects.filter(active=True, pk__in=at_work))
        taxes = usual_taxes(access.organisation)
        hue = Service.objects.count()
        made: list[Service] = []
        for offer in written_for(example, access.organisation.language, access.organisation.currency):
            if offer.name.casefold() in there:
                continue
            details = ServiceDetails(
                name=offer.name,
                usual=offer.usual,
                shortest=offer.shortest,
                longest=offer.longest,
                price=offer.price,
                hourly=offer.hourly,
                members=members,
                taxes=taxes,
                place=offer.place,
                category=offer.category,
                description=offer.description,
                asks_job_sheet=offer.asks_job_sheet,
                hue=(hue + len(made)) % 8,
            )
            made.append(create_service(access, details, demanded=False))
    return made
