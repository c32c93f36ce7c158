"""Layouts: looked at and arranged by an administrator, saved as versions, compared and restored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from carnet.base.api.parsing import StrictParser
from carnet.base.errors import StaleVersion, TradeError
from carnet.customisation.actions import restore_layout, save_layout
from carnet.customisation.errors import LayoutChanged, LayoutRefused
from carnet.customisation.models import Layout, LayoutVersion, Module
from carnet.customisation.predefined import STANDARD as STANDARD_NAME
from carnet.customisation.queries import current_layout, draft_of
from carnet.desk.queries.layout_editor import given_to_editor
from carnet.desk.queries.layout_versions import versions_of
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import MODULES, SERVICES, SHEET_LAYOUTS, Place, set_up_page
from carnet.organisations.access import Access
from carnet.organisations.permissions import EDIT_LAYOUTS
from carnet.organisations.requests import OrganisationRequest


@dataclass(frozen=True, slots=True)
class Shape:
    """A layout of the product, and where the set-up keeps it."""

    module: str
    name: str
    title: str | Promise
    within: Place

    @property
    def place(self) -> Place:
        return Place(
            "set_up_layout", self.title, self.within, arguments=(self.module, self.name), needs=(EDIT_LAYOUTS,)
        )

    @property
    def history(self) -> Place:
        title = gettext_lazy("Versions")
        return Place("set_up_layout_versions", title, self.place, arguments=(self.module, self.name))


STANDARD: Final = gettext_lazy("Standard layout")
CUSTOMERS: Final = Place(
    "set_up_layout", gettext_lazy("Customers"), MODULES, arguments=("customers", "standard"), needs=(EDIT_LAYOUTS,)
)
APPOINTMENTS: Final = Place(
    "set_up_layout",
    gettext_lazy("Appointments"),
    MODULES,
    arguments=("appointments", "create"),
    needs=(EDIT_LAYOUTS,),
)
SHAPES: Final = (
    Shape("services", "standard", STANDARD, SERVICES),
    Shape("job_sheets", "standard", STANDARD, SHEET_LAYOUTS),
    Shape("customers", "standard", STANDARD, CUSTOMERS),
    Shape("appointments", "create", gettext_lazy("Creation layout"), APPOINTMENTS),
    Shape("appointments", "reschedule", gettext_lazy("Rescheduling layout"), APPOINTMENTS),
    Shape("appointments", "cancel", gettext_lazy("Cancellation layout"), APPOINTMENTS),
)


@require_http_methods(["GET", "POST"])
def layout(request: OrganisationRequest, module: str, name: str) -> HttpResponse:
    """The layout in its editor; POST is JSON, answered with JSON, and saves it as a new version."""
    shape = shape_at(request.access, module, name)
    if request.method == "POST":
        return _saved(request, shape)
    current = current_layout(request.access, module, name)
    context = _around(shape) | {"given": given_to_editor(request.access, module, name, current), "current": current}
    return set_up_page(request, shape.place, "layout", context)


@require_GET
def versions(request: OrganisationRequest, module: str, name: str) -> HttpResponse:
    """Each save with who, when and what became different, and the way back to it."""
    shape = shape_at(request.access, module, name)
    context = _around(shape) | {"versions": versions_of(request.access, module, name)}
    return set_up_page(request, shape.history, "layout_versions", context)


@require_POST
def restoration(request: OrganisationRequest, module: str, name: str, number: int) -> HttpResponse:
    """Save an earlier version anew as the newest."""
    shape = shape_at(request.access, module, name)
    sent = request.POST.get("version", "")
    try:
        saved = restore_layout(request.access, module, name, number, version=int(sent) if sent.isdecimal() else -1)
    except LayoutVersion.DoesNotExist:
        raise Http404 from None
    except (LayoutChanged, LayoutRefused) as error:
        messages.error(request, error.sentence())
        context = _around(shape) | {"versions": versions_of(request.access, module, name)}
        return set_up_page(request, shape.history, "layout_versions", context, status=error.status)
    messages.success(
        request,
        _("Version %(old)d is the newest again, as version %(number)d.") % {"old": number, "number": saved.number},
    )
    return open_page(request, shape.place.url)


def _saved(request: OrganisationRequest, shape: Shape) -> HttpResponse:
    access = request.access
    try:
        sent = _sent(request)
        saved = save_layout(access, shape.module, shape.name, sent["layout"], version=sent["version"])
    except StaleVersion as error:
        current = current_layout(access, shape.module, shape.name)
        told = {"version": current.number, "layout": draft_of(access, current.document)}
        return _json(error.status, error, told | {"changes": list(getattr(error, "changes", ()))})
    except TradeError as error:
        return _json(error.status, error, {"errors": getattr(error, "errors", {})})
    sentence = _("Saved as version %(number)d.") % {"number": saved.number}
    answer = {"version": saved.number, "layout": draft_of(access, saved.document), "sentence": sentence}
    return HttpResponse(orjson.dumps(answer), content_type="application/json")


def _sent(request: HttpRequest) -> dict[str, Any]:
    try:
        sent = StrictParser().parse_body(request)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict) or not isinstance(sent.get("layout"), dict) or type(sent.get("version")) is not int:
        raise LayoutRefused(_("This is not a layout."))
    return sent


def _json(status: int, error: TradeError, more: dict[str, Any]) -> HttpResponse:
    told = {"sentence": error.sentence(), "code": error.code, **more}
    return HttpResponse(orjson.dumps(told), status=status, content_type="application/json")


def shape_at(access: Access, module: str, name: str) -> Shape:
    """Return the layout of that address, for whoever may change it; job sheets have theirs while they are used."""
    access.require(EDIT_LAYOUTS)
    found = next((shape for shape in SHAPES if (shape.module, shape.name) == (module, name)), None)
    if found is None and module == Module.Key.JOB_SHEETS:
        added = Layout.objects.filter(module=module, name=name).first()
        found = Shape(module, name, added.label, SHEET_LAYOUTS) if added else None
    if found is None or (module == "job_sheets" and not access.module_is_on(Module.Key.JOB_SHEETS)):
        raise Http404
    return found


def _around(shape: Shape) -> dict[str, Any]:
    of_services = shape.within in (SERVICES, SHEET_LAYOUTS)
    beside = [one for one in SHAPES if one.within == shape.within and not of_services]
    return {
        "shape": shape,
        "beside": beside if len(beside) > 1 else [],
        "tab": f"{shape.module}-{STANDARD_NAME if of_services else shape.name}",
        "of_services": of_services,
    }
