"""The organisation as a whole: let it rest and go on, delete it and think better of it."""

from __future__ import annotations

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base.errors import Invalid
from carnet.desk.forms.organisation import DeletionForm
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import DELETION, EXPORTS, ORGANISATION, SUSPENSION, set_up_page, tell
from carnet.organisations.actions import (
    ask_deletion,
    resume_organisation,
    suspend_organisation,
    take_back_deletion,
)
from carnet.organisations.actions.deletion import GRACE
from carnet.organisations.actions.export import may_export
from carnet.organisations.requests import OrganisationRequest


@require_GET
def organisation(request: OrganisationRequest) -> HttpResponse:
    request.access.require("set_up.edit")
    context = {
        "exports_place": EXPORTS,
        "suspension_place": SUSPENSION,
        "deletion_place": DELETION,
        "may_manage": request.access.may("organisation.manage"),
        "may_export": may_export(request.access),
    }
    return set_up_page(request, ORGANISATION, "organisation", context)


@require_http_methods(["GET", "POST"])
def suspension(request: OrganisationRequest) -> HttpResponse:
    """Say what rests, then let it."""
    request.access.require("organisation.manage")
    if request.method == "GET":
        return set_up_page(request, SUSPENSION, "organisation_suspension")
    suspend_organisation(request.access)
    return open_page(request, ORGANISATION.url)


@require_POST
def resumption(request: OrganisationRequest) -> HttpResponse:
    resume_organisation(request.access)
    messages.success(request, _("The organisation goes on."))
    return open_page(request, ORGANISATION.url)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def deletion(request: OrganisationRequest) -> HttpResponse:
    """Ask for the name and the password, then for thirty days of patience."""
    request.access.require("organisation.manage")
    form = DeletionForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        # As many guesses of the password as a sign-in that is asked for again.
        refused = ratelimit.consume_or_429(request, action="reauthenticate", user=request.user)
        if refused is not None:
            return cast(HttpResponse, refused)
        try:
            ask_deletion(request.access, **form.cleaned_data)
            return open_page(request, ORGANISATION.url)
        except Invalid as error:
            tell(form, error)
    context = {"form": form, "days": GRACE.days}
    return set_up_page(request, DELETION, "organisation_deletion", context, status=422 if form.is_bound else 200)


@require_POST
def taken_back(request: OrganisationRequest) -> HttpResponse:
    take_back_deletion(request.access)
    messages.success(request, _("The organisation stays."))
    return open_page(request, ORGANISATION.url)
