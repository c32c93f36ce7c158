"""« Disposition de la feuille de travail »: the layouts of job sheets, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base.errors import Invalid, TradeError
from carnet.customisation.models import Layout, Module
from carnet.customisation.predefined import STANDARD
from carnet.desk.forms.sheet_layouts import LayoutNameForm, NewLayoutForm, called
from carnet.desk.queries.sheet_layouts import layouts_listed
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import SHEET_LAYOUTS, Place, set_up_page, tell
from carnet.jobsheets.actions import (
    add_sheet_layout,
    remove_sheet_layout,
    rename_sheet_layout,
    return_sheet_layout,
)
from carnet.jobsheets.errors import SheetLayoutInUse
from carnet.jobsheets.queries import removed_sheet_layouts
from carnet.organisations.access import Access
from carnet.organisations.permissions import EDIT_LAYOUTS
from carnet.organisations.requests import OrganisationRequest

ADDED = Place("sheet_layout_new", gettext_lazy("New layout"), SHEET_LAYOUTS)


@require_GET
def sheet_layouts(request: OrganisationRequest) -> HttpResponse:
    _required(request.access)
    return _listed(request)


@require_http_methods(["GET", "POST"])
def new(request: OrganisationRequest) -> HttpResponse:
    """A layout to be named; it opens in the editor once it is there."""
    _required(request.access)
    form = NewLayoutForm(request.POST if request.method == "POST" else None)

    def add() -> str:
        made = add_sheet_layout(request.access, form.cleaned_data["label"], copied_from=form.copied())
        return Place("set_up_layout", made.label, SHEET_LAYOUTS, arguments=(Module.Key.JOB_SHEETS, made.name)).url

    return _answered(request, ADDED, form, add)


@require_http_methods(["GET", "POST"])
def name(request: OrganisationRequest, layout: str) -> HttpResponse:
    """What a layout is called."""
    found = _found(request.access, layout)
    place = Place("sheet_layout_name", _("Rename the layout"), SHEET_LAYOUTS, arguments=(found.name,))
    form = LayoutNameForm(request.POST if request.method == "POST" else None, initial={"label": found.label})

    def rename() -> str:
        rename_sheet_layout(request.access, found, form.cleaned_data["label"])
        messages.success(request, _("Saved."))
        return SHEET_LAYOUTS.url

    return _answered(request, place, form, rename)


@require_POST
def removal(request: OrganisationRequest, layout: str) -> HttpResponse:
    """Take a layout away, to be put back from the same page; while services use it, say which."""
    found = _found(request.access, layout)
    try:
        remove_sheet_layout(request.access, found)
    except SheetLayoutInUse as error:
        messages.error(request, error.sentence())
        return _listed(request, status=error.status)
    messages.success(request, _("“%(name)s” was deleted. Sheets filled in with it stay as they are.") % _named(found))
    return open_page(request, SHEET_LAYOUTS.url)


@require_POST
def reinstatement(request: OrganisationRequest, layout: str) -> HttpResponse:
    """Put a layout back that was taken away."""
    found = _found(request.access, layout)
    try:
        return_sheet_layout(request.access, found)
    except Invalid as error:
        messages.error(request, error.sentence())
        return _listed(request, status=error.status)
    messages.success(request, _("“%(name)s” can be chosen again.") % _named(found))
    return open_page(request, SHEET_LAYOUTS.url)


def _listed(request: OrganisationRequest, *, status: int = 200) -> HttpResponse:
    context = {
        "lines": layouts_listed(request.access),
        "removed": removed_sheet_layouts(),
        "tab": "job_sheets-standard",
    }
    return set_up_page(request, SHEET_LAYOUTS, "sheet_layouts", context, status=status)


def _answered(request: OrganisationRequest, place: Place, form: LayoutNameForm, act: Callable[[], str]) -> HttpResponse:
    """Do what the form asks for and lead to where it is seen; else show it again with what was refused."""
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                return open_page(request, act())
            except Invalid as error:
                tell(form, error)
            except TradeError as error:
                form.add_error(None, error.sentence())
                status = error.status
    return set_up_page(request, place, "sheet_layout_name", {"form": form}, status=status)


def _required(access: Access) -> None:
    access.require(EDIT_LAYOUTS)
    if not access.module_is_on(Module.Key.JOB_SHEETS):
        raise Http404


def _found(access: Access, layout: str) -> Layout:
    """Return a layout that an organisation added, for whoever may change it."""
    _required(access)
    found = Layout.objects.filter(module=Module.Key.JOB_SHEETS, name=layout).exclude(name=STANDARD).first()
    if found is None:
        raise Http404
    return found


def _named(layout: Layout) -> dict[str, str]:
    return {"name": called(layout)}
