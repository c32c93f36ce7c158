"""Requiring a second step at sign-in, on the page of a profile."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from carnet.base.errors import StaleVersion
from carnet.desk.forms.second_step import SecondStepForm
from carnet.desk.sheets import open_page
from carnet.organisations.actions import require_second_step
from carnet.organisations.models import Profile
from carnet.organisations.requests import OrganisationRequest


@require_POST
def second_step(request: OrganisationRequest, profile_id: UUID) -> HttpResponse:
    """Require a second step of who holds the profile, or no longer."""
    request.access.require("profiles.edit")
    profile = get_object_or_404(Profile, public_id=profile_id)
    form = SecondStepForm(profile, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            require_second_step(request.access, profile, data["second_step"], seen=data["version"])
            messages.success(request, _("Saved."))
        except StaleVersion as error:
            # What is new must be seen before it is decided on.
            messages.error(request, error.sentence())
    return open_page(request, reverse("profile", args=[profile.public_id]))
