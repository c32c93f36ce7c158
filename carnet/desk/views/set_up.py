"""The set-up: what an administrator decides. A first home of it: Services, members, business hours."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.customisation.actions import switch_module
from carnet.customisation.models import Module
from carnet.desk.forms.set_up import BusinessHoursForm, MemberForm, ProfilesForm
from carnet.desk.sheets import open_page, sheet
from carnet.organisations.actions import grant_permission
from carnet.organisations.models import Member, Role
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.actions import employ_member, set_business_hours


def services_are_on() -> bool:
    return Module.objects.filter(key=Module.Key.SERVICES, on=True).exists()


@require_GET
def set_up(request: OrganisationRequest) -> HttpResponse:
    request.access.require("set_up.edit")
    return _home(request)


def _home(request: OrganisationRequest, hours: BusinessHoursForm | None = None, status: int = 200) -> HttpResponse:
    context = {
        "members": Member.objects.filter(active=True).select_related("profile", "user"),
        "services_on": services_are_on(),
        "hours_form": hours or BusinessHoursForm(),
        "close_url": reverse("home"),
    }
    return sheet(request, "desk/set_up/_home.html", context, status=status)


@require_http_methods(["GET", "POST"])
def module(request: OrganisationRequest) -> HttpResponse:
    """« Activer Services »: switch the module on for the profiles that are ticked; « Démarrer » then opens it."""
    access = request.access
    access.require("set_up.edit")
    form = ProfilesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with unit_of_work():
            for key, profile in form.known.items():
                grant_permission(access, profile, "catalogue.see", granted=key in form.cleaned_data["profiles"])
            switch_module(access, Module.Key.SERVICES, on=True)
        return open_page(request, reverse("set_up_module"))
    context = {"form": form, "services_on": services_are_on(), "close_url": reverse("set_up")}
    return sheet(request, "desk/set_up/_module.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def member_new(request: OrganisationRequest) -> HttpResponse:
    """A person whose time can be booked; a sign-in comes later."""
    access = request.access
    access.require("set_up.edit")
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            employ_member(
                access,
                data["name"],
                profile=form.known[data["profile"]],
                role=Role.objects.filter(parent__isnull=True)[0],
                phone=data["phone"],
            )
            return open_page(request, reverse("set_up"))
        except Invalid as error:
            for key, text in error.errors.items():
                form.add_error(key if key in form.fields else None, str(text))
    context = {"form": form, "close_url": reverse("set_up")}
    return sheet(request, "desk/set_up/_member.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["POST"])
def hours(request: OrganisationRequest) -> HttpResponse:
    """Replace the hours of the business."""
    request.access.require("set_up.edit")
    form = BusinessHoursForm(request.POST)
    if not form.is_valid():
        return _home(request, form, status=422)
    set_business_hours(request.access, form.windows())
    return open_page(request, reverse("set_up"))
