"""The requests that views inside an organisation receive."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from carnet.organisations.access import Access
from carnet.organisations.models import Organisation, User


class OrganisationRequest(HttpRequest):
    """A request of a signed-in member, its organisation open; made so by `OrganisationMiddleware`."""

    access: Access
    organisation: Organisation
    #: What the switcher lists; read when it is drawn.
    organisations: Sequence[Organisation]
    htmx: HtmxDetails
    user: User
