"""The set-up: its contents, and what is general in it: hours, name and address, members."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from carnet.appointments.actions.changes import BusinessHoursSet
from carnet.base.errors import Invalid, NotPermitted
from carnet.base.unit_of_work import unit_of_work
from carnet.customisation.models import Module
from carnet.desk.forms.set_up import BusinessForm, BusinessHoursForm, MemberForm
from carnet.desk.queries.closures import coming_closures
from carnet.desk.sheets import open_page, sheet
from carnet.desk.views.impact import made
from carnet.desk.views.invitations import invited
from carnet.desk.views.set_up_places import (
    ACTIVITY,
    ADDRESS,
    CLOSURES,
    HOME,
    HOURS,
    MEMBERS,
    MODULES,
    ORGANISATION,
    PROFILES,
    REGION,
    ROLES,
    TOKENS,
    set_up_page,
    tell,
)
from carnet.messages.invitations import invite
from carnet.organisations.actions import About, add_member, edit_organisation
from carnet.organisations.models import Invitation, Member, Profile, Role
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.actions import employ_member

#: The next closed days, below the weekly hours.
CLOSURES_SHOWN = 5


@require_GET
def set_up(request: OrganisationRequest) -> HttpResponse:
    """« Configuration »: the contents of the set-up."""
    access = request.access
    access.require_any(HOME.needs)
    context = {
        "hours_place": HOURS,
        "address_place": ADDRESS,
        "members_place": MEMBERS,
        "organisation_place": ORGANISATION,
        "region_place": REGION,
        "modules_place": MODULES,
        "modules_open": MODULES.is_open_to(access),
        "profiles_place": PROFILES,
        "roles_place": ROLES,
        "roles_count": Role.objects.count(),
        "tokens_place": TOKENS,
        "activity_place": ACTIVITY,
        "members_count": Member.objects.filter(active=True).count(),
        "profiles_count": Profile.objects.count(),
        "module_on": access.module_is_on(Module.Key.SERVICES),
    }
    return set_up_page(request, HOME, "home", context)


@require_http_methods(["GET", "POST"])
def hours(request: OrganisationRequest) -> HttpResponse:
    """Read and replace the hours of the business."""
    request.access.require("set_up.edit")
    form = BusinessHoursForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            return made(request, BusinessHoursSet(form.windows())) or _saved(request, HOURS.url)
        except Invalid as error:
            tell(form, error)
    closed = coming_closures(request.access)
    context = {"form": form, "closures": closed[:CLOSURES_SHOWN], "closures_place": CLOSURES}
    return set_up_page(request, HOURS, "hours", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def business(request: OrganisationRequest) -> HttpResponse:
    """Read and change the name and address of the business."""
    request.access.require("set_up.edit")
    form = BusinessForm(request.POST) if request.method == "POST" else BusinessForm.of(request.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            edit_organisation(request.access, About(**form.cleaned_data))
            return _saved(request, ADDRESS.url)
        except Invalid as error:
            tell(form, error)
    return set_up_page(request, ADDRESS, "business", {"form": form}, status=422 if form.is_bound else 200)


def _saved(request: OrganisationRequest, address: str) -> HttpResponse:
    messages.success(request, _("Saved."))
    return open_page(request, address)


@require_GET
def members(request: OrganisationRequest) -> HttpResponse:
    request.access.require("members.edit")
    everybody = Member.objects.select_related("profile", "user", "resource")
    waiting = Invitation.objects.filter(accepted_at__isnull=True, revoked_at__isnull=True)
    context = {
        "members": everybody.filter(active=True).prefetch_related(Prefetch("invitations", waiting, to_attr="waiting")),
        "former": everybody.filter(active=False),
        "may_set_times": request.access.may("resources.edit"),
    }
    return set_up_page(request, MEMBERS, "members", context)


@require_http_methods(["GET", "POST"])
def member_new(request: OrganisationRequest) -> HttpResponse:
    """A person of the business: in the calendar, signing in, or both; a sheet beside the day or the members."""
    request.access.require("members.edit")
    form = MemberForm(request.access, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            member, invitation = _add(request, form)
            messages.success(request, _("%(name)s is a member now.") % {"name": member.name})
            if invitation is not None:
                return invited(request, invitation)
            return open_page(request, _where_from(request))
        except Invalid as error:
            tell(form, error)
        except NotPermitted as error:
            form.add_error(None, error.sentence())
    context = {"form": form, "close_url": MEMBERS.url}
    return sheet(request, "desk/set_up/_member.html", context, status=422 if form.is_bound else 200)


def _add(request: OrganisationRequest, form: MemberForm) -> tuple[Member, Invitation | None]:
    data: dict[str, Any] = form.cleaned_data
    employ = employ_member if data["provides"] else add_member
    with unit_of_work():
        member = employ(
            request.access, data["name"], profile=form.profile_chosen, role=form.role_given, phone=data["phone"]
        )
        return member, invite(request.access, member, data["email"]) if data["email"] else None


def _where_from(request: OrganisationRequest) -> str:
    """Return the page beside which the sheet was open: the calendar shows its new column, the set-up its new member."""
    here = getattr(request.htmx, "current_url_abs_path", None) or ""
    return MEMBERS.url if not request.htmx or here.startswith(reverse("set_up")) else reverse("home")
