"""The set-up: what an administrator decides. A first home of it: Services, members, name and address, hours."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.appointments.actions.changes import BusinessHoursSet
from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.customisation.actions import switch_module
from carnet.customisation.models import Module
from carnet.desk.forms.set_up import BusinessForm, BusinessHoursForm, MemberForm, ProfilesForm
from carnet.desk.sheets import day_changed, sheet, wants_fragment
from carnet.desk.views.impact import made
from carnet.organisations.actions import About, add_member, edit_organisation, give_sign_in, grant_permission
from carnet.organisations.models import Member, Role
from carnet.organisations.requests import OrganisationRequest
from carnet.resources.actions import employ_member


@require_GET
def set_up(request: OrganisationRequest) -> HttpResponse:
    request.access.require("set_up.edit")
    return _home(request)


def _home(
    request: OrganisationRequest,
    *,
    hours: BusinessHoursForm | None = None,
    business: BusinessForm | None = None,
    done: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "members": Member.objects.filter(active=True).select_related("profile", "user"),
        "services_on": request.access.module_is_on(Module.Key.SERVICES),
        "hours_form": hours or BusinessHoursForm(),
        "business_form": business or BusinessForm.of(request.organisation),
        "open_form": "hours" if hours else "business" if business else "",
        "done": done,
        "close_url": reverse("home"),
    }
    return sheet(request, "desk/set_up/_home.html", context, status=status)


def _saved(request: OrganisationRequest, done: str) -> HttpResponse:
    """Answer with the set-up as it is now; the day beside it may show it too."""
    if not wants_fragment(request):
        return HttpResponseRedirect(reverse("set_up"), status=303)
    response = day_changed(_home(request, done=done))
    response["HX-Push-Url"] = reverse("set_up")
    return response


def _tell(form: forms.Form, error: Invalid) -> None:
    for name, text in error.errors.items():
        form.add_error(name if name in form.fields else None, str(text))


@require_http_methods(["GET", "POST"])
def module(request: OrganisationRequest) -> HttpResponse:
    """« Activer Services »: switch the module on for the profiles that are ticked; « Démarrer » then opens it."""
    access = request.access
    access.require("set_up.edit")
    form = ProfilesForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with unit_of_work():
            if request.POST.get("switch") != "off":
                for key, profile in form.known.items():
                    grant_permission(access, profile, "catalogue.see", granted=key in form.cleaned_data["profiles"])
            if request.POST.get("switch"):
                switch_module(access, Module.Key.SERVICES, on=request.POST["switch"] == "on")
        # The whole page anew: its navigation and its day change with the module.
        return HttpResponseRedirect(reverse("set_up_module"), status=303)
    context = {
        "form": form,
        "services_on": access.module_is_on(Module.Key.SERVICES),
        "close_url": reverse("set_up"),
    }
    return sheet(request, "desk/set_up/_module.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
def member_new(request: OrganisationRequest) -> HttpResponse:
    """A person of the business: in the calendar, signing in, or both."""
    request.access.require("set_up.edit")
    form = MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, form)
            return _saved(request, "member")
        except Invalid as error:
            _tell(form, error)
    context = {"form": form, "close_url": reverse("set_up")}
    return sheet(request, "desk/set_up/_member.html", context, status=422 if request.method == "POST" else 200)


def _add(request: OrganisationRequest, form: MemberForm) -> None:
    data: dict[str, Any] = form.cleaned_data
    team = Role.objects.filter(parent__isnull=True)[0]
    employ = employ_member if data["provides"] else add_member
    with unit_of_work():
        member = employ(request.access, data["name"], profile=form.profile_chosen, role=team, phone=data["phone"])
        if data["email"]:
            give_sign_in(request.access, member, data["email"])


@require_POST
def business(request: OrganisationRequest) -> HttpResponse:
    """Change the name and address of the business."""
    request.access.require("set_up.edit")
    form = BusinessForm(request.POST)
    if form.is_valid():
        try:
            edit_organisation(request.access, About(**form.cleaned_data))
            return _saved(request, "business")
        except Invalid as error:
            _tell(form, error)
    return _home(request, business=form, status=422)


@require_POST
def hours(request: OrganisationRequest) -> HttpResponse:
    """Replace the hours of the business."""
    request.access.require("set_up.edit")
    form = BusinessHoursForm(request.POST)
    if form.is_valid():
        try:
            return made(request, BusinessHoursSet(form.windows())) or _saved(request, "hours")
        except Invalid as error:
            _tell(form, error)
    return _home(request, hours=form, status=422)
