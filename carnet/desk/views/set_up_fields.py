"""« Champs »: what a profile may do with each field."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from carnet.base.errors import TradeError
from carnet.desk.forms.appointments import version_read
from carnet.desk.forms.profiles import ProfileForm
from carnet.desk.queries.field_rights import rights_typed
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_profiles import place_of, profile_page
from carnet.organisations.actions.field_rights import set_field_rights
from carnet.organisations.models import Profile
from carnet.organisations.requests import OrganisationRequest


@require_POST
def field_rights(request: OrganisationRequest, profile_id: UUID) -> HttpResponse:
    """Set what is chosen in the tables; what was refused is said above the profile as it is now."""
    access = request.access
    access.require("profiles.edit")
    found = get_object_or_404(Profile, public_id=profile_id)
    try:
        set_field_rights(access, found, rights_typed(access, request.POST), seen=version_read(request.POST))
    except TradeError as error:
        messages.error(request, error.sentence())
        now = get_object_or_404(Profile, pk=found.pk)
        return profile_page(request, now, ProfileForm(access, now), status=error.status)
    messages.success(request, _("Saved."))
    return open_page(request, f"{place_of(found).url}#fields")
