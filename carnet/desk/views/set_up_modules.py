"""« Modules et champs »: which modules there are, switching Services on and off, for whom, and its preferences."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.base.unit_of_work import unit_of_work
from carnet.customisation.actions import switch_module, use_job_sheets
from carnet.customisation.models import Module
from carnet.desk.forms.set_up import JobSheetsForm, ModuleRightsForm
from carnet.desk.sheets import open_page, wants_fragment
from carnet.desk.views.set_up_places import MODULES, PREFERENCES, SERVICES, set_up_page, tell
from carnet.organisations.actions import set_module_rights
from carnet.organisations.errors import AboveOneself
from carnet.organisations.requests import OrganisationRequest

View = Callable[..., HttpResponse]


@require_GET
def modules(request: OrganisationRequest) -> HttpResponse:
    access = request.access
    access.require_any(MODULES.needs)
    context = {
        "module_on": access.module_is_on(Module.Key.SERVICES),
        "sheets_on": access.module_is_on(Module.Key.JOB_SHEETS),
    }
    return set_up_page(request, MODULES, "modules", context)


@require_http_methods(["GET", "POST"])
def module(request: OrganisationRequest) -> HttpResponse:
    """« Autorisation de module »: the profiles that get Services; while it is off, « Activer Services » beside them."""
    access = request.access
    access.require("profiles.edit")
    if request.method != "POST":
        return _module_page(request, ModuleRightsForm(Module.Key.SERVICES))
    switched_on = request.POST.get("switch") == "on"
    if switched_on:
        access.require("set_up.edit")
    form = ModuleRightsForm(Module.Key.SERVICES, request.POST)
    if not form.is_valid():
        return _module_page(request, form, status=422)
    try:
        with unit_of_work():
            set_module_rights(access, Module.Key.SERVICES, form.wanted(), seen=form.seen())
            if switched_on:
                switch_module(access, Module.Key.SERVICES, on=True)
    except StaleVersion as error:
        # What is new must be seen before it is decided on: the ticks as they are now, not as they were sent.
        messages.error(request, error.sentence())
        return _module_page(request, ModuleRightsForm(Module.Key.SERVICES), status=error.status)
    except AboveOneself as error:
        form.add_error(None, error.sentence())
        return _module_page(request, form, status=error.status)
    except NotPermitted:
        form.add_error(None, _("You cannot give a right that you do not have yourself."))
        return _module_page(request, form, status=403)
    except Invalid as error:
        tell(form, error)
        return _module_page(request, form, status=422)
    messages.success(request, _("Saved."))
    return open_page(request, SERVICES.url)


def _module_page(request: OrganisationRequest, form: ModuleRightsForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "module_on": request.access.module_is_on(Module.Key.SERVICES), "tab": "rights"}
    return set_up_page(request, SERVICES, "module", context, status=status)


@require_http_methods(["GET", "POST"])
def switch(request: OrganisationRequest) -> HttpResponse:
    """Switch Services on or off (`switch`); GET asks whether it is to be switched off."""
    access = request.access
    access.require("set_up.edit")
    wanted = request.POST.get("switch", "")
    if request.method == "POST" and wanted in ("on", "off"):
        switch_module(access, Module.Key.SERVICES, on=wanted == "on")
        if wanted == "on":
            return open_page(request, _after_switching(request))
        messages.success(request, _("Services is switched off."))
        return open_page(request, MODULES.url)
    if not access.module_is_on(Module.Key.SERVICES):
        return open_page(request, _after_switching(request))
    context = {"back_url": _after_switching(request)}
    return set_up_page(request, SERVICES, "switch_off", context, status=422 if request.method == "POST" else 200)


def _after_switching(request: OrganisationRequest) -> str:
    """Return where it is said for whom the module is, to who may say so."""
    return (SERVICES if SERVICES.is_open_to(request.access) else MODULES).url


@require_http_methods(["GET", "POST"])
def preferences(request: OrganisationRequest) -> HttpResponse:
    """« Préférences »: whether job sheets are used; open to whoever sees the services, unlike the rest."""
    access = request.access
    access.require("catalogue.see")
    sheets_on = access.module_is_on(Module.Key.JOB_SHEETS)
    form = JobSheetsForm(
        request.POST if request.method == "POST" else None, initial={"use": "yes" if sheets_on else "no"}
    )
    if request.method == "POST" and form.is_valid():
        use_job_sheets(access, on=form.cleaned_data["use"] == "yes")
        messages.success(request, _("Saved."))
        return open_page(request, PREFERENCES.url)
    context = {"form": form, "tab": "preferences"}
    return set_up_page(request, PREFERENCES, "preferences", context, status=422 if form.is_bound else 200)


def offers_the_switch(view: View) -> View:
    """Let an administrator who opens the switched-off module find the switch; to anybody else it does not exist."""

    @wraps(view)
    def offered(request: OrganisationRequest, *args: object, **values: object) -> HttpResponse:
        access = request.access
        if access.module_is_on(Module.Key.SERVICES) or not (access.may("set_up.edit") and access.may("profiles.edit")):
            return view(request, *args, **values)
        if wants_fragment(request):
            return HttpResponse(headers={"HX-Redirect": reverse("set_up_module")})
        return _module_page(request, ModuleRightsForm(Module.Key.SERVICES))

    return offered
