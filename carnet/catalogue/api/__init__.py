"""The catalogue over HTTP: what is sold, when, by whom, for how much; browsed, written, and taken out of use."""

from ninja import Router

from carnet.catalogue.api import bulk, image, lists, services, standing
from carnet.catalogue.api.asking import add_ons_asked, service_asked, service_at
from carnet.catalogue.api.shapes import MemberOut, TaxOut

router = Router()
# Deleting asks for coming visits, of which this room knows nothing: `appointments.api` adds it to the same addresses.
for part in (services, bulk, standing, image, lists):
    router.add_router("", part.router)

__all__ = ["MemberOut", "TaxOut", "add_ons_asked", "router", "service_asked", "service_at"]
