"""What the tests of a service's pages share: who sits at the desk, and what is typed."""

from __future__ import annotations

from typing import Any

from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.details import ServiceDetails, details_of
from carnet.catalogue.models import Service
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Target": "sheet", "HX-Request-Type": "partial"}


def typed(business: Business, **more: Any) -> dict[str, Any]:
    """Return a filled-in form, as a browser sends it."""
    fields = {
        "name": "Balayage",
        "usual": "90",
        "members": [str(business.members["lea"].public_id)],
        "place": "business",
        "days": "business",
        "state": "available",
        "price": "72,50",
    }
    return {**fields, **more}


def url(business: Business, name: str = "haircut", more: str = "") -> str:
    return business.url(f"services/{business.services[name].public_id}/{more}")


def services(business: Business) -> list[str]:
    with open_organisation(business.organisation):
        return list(Service.objects.order_by("pk").values_list("name", flat=True))


def made(business: Business, name: str = "Balayage") -> ServiceDetails:
    """Return the service of that name as it was stored."""
    with open_organisation(business.organisation):
        return details_of(Service.objects.select_related("category").get(name=name))


def text(client: Client, address: str, **more: Any) -> str:
    answer = client.get(address, **more)
    assert answer.status_code == 200
    return answer.content.decode()
