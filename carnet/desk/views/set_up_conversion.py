"""« Convertir en un autre type »: chosen, previewed, done; then what could not be converted is listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from carnet.base.errors import TradeError
from carnet.base.spreadsheet import BYTE_ORDER_MARK, written
from carnet.customisation.actions import convert_field
from carnet.customisation.conversions import SHOWN, left_behind, left_by, preview_of, proposed_choices
from carnet.customisation.converting import targets_of
from carnet.customisation.models import Conversion
from carnet.customisation.queries import FieldEntry, all_fields, current_layout, fields_of, key_of, label_in
from carnet.customisation.records import kept_of
from carnet.customisation.types import NotAccepted
from carnet.desk.forms.conversion import ConversionForm
from carnet.desk.queries.conversions import LeftLine, conversion_of, lines_left, table_left
from carnet.desk.queries.layout_editor import type_names
from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_layouts import Shape, shape_at
from carnet.desk.views.set_up_places import Place, set_up_page
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest


@require_http_methods(["GET", "POST"])
def conversion(request: OrganisationRequest, module: str, name: str, field: str) -> HttpResponse:
    """Choose a type and see what would come of it; POST converts. Of a field that was converted: what came of it."""
    shape = shape_at(request.access, module, name)
    found, here = _field(request.access, shape, field)
    if not here:
        return _result(request, shape, found)
    if request.method == "POST":
        return _converted(request, shape, found)
    return _page(request, shape, found, request.GET)


@require_GET
def left(request: OrganisationRequest, module: str, name: str, field: str) -> HttpResponseBase:
    """All records whose value does not convert, as a table for a spreadsheet, written while it is sent."""
    access = request.access
    shape = shape_at(access, module, name)
    found, here = _field(access, shape, field)
    if here:
        form = _form(access, shape, found, request.GET)
        if not form.is_valid() or kept_of(module) is None:
            raise Http404
        try:
            remaining = left_by(access, module, found, form.wanted())
        except NotAccepted:
            raise Http404 from None
    else:
        remaining = left_behind(access, _done(access, shape, found))
    address = request.build_absolute_uri("/").rstrip("/")

    def lines() -> Iterator[bytes]:
        yield BYTE_ORDER_MARK.encode()
        for rows in table_left(lines_left(access, module, remaining), address):
            yield written(rows).encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{module}-{field}-{access.now:%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _converted(request: OrganisationRequest, shape: Shape, field: FieldEntry) -> HttpResponse:
    form = _form(request.access, shape, field, request.POST)
    sent = request.POST.get("version", "")
    if not form.is_valid():
        return _page(request, shape, field, request.POST, status=422)
    version = int(sent) if sent.isdecimal() and len(sent) < 10 else -1
    try:
        convert_field(request.access, shape.module, shape.name, key_of(field), form.wanted(), version=version)
    except TradeError as error:
        messages.error(request, error.sentence())
        return _page(request, shape, field, request.POST, status=error.status)
    return open_page(request, _place(shape, field).url)


def _page(
    request: OrganisationRequest, shape: Shape, field: FieldEntry, data: QueryDict, *, status: int = 200
) -> HttpResponse:
    access = request.access
    form = _form(access, shape, field, data)
    context: dict[str, Any] = {"form": form, "shape": shape, "field": field, "preview": None}
    context["version"] = current_layout(access, shape.module, shape.name).number
    context["keeps_records"] = kept_of(shape.module) is not None
    if form.is_bound and form.is_valid():
        try:
            context["preview"] = preview = preview_of(access, shape.module, field, form.wanted())
        except NotAccepted as refused:
            form.add_error(None, str(refused))
        else:
            context |= _listed(access, shape.module, preview.first_left)
            context["chosen"] = [(one.html_name, one.value()) for one in form]
            context["query"] = data.urlencode()
    if form.is_bound and not form.is_valid() and status == 200:
        status = 422
    return set_up_page(request, _place(shape, field), "conversion", context, status=status)


def _result(request: OrganisationRequest, shape: Shape, field: FieldEntry) -> HttpResponse:
    access = request.access
    done = _done(access, shape, field)
    context: dict[str, Any] = {"shape": shape, "field": field, "done": done}
    context["converted_into"] = _type_name(done.target.type, done.target.decimals)
    if done.finished_at is not None and kept_of(shape.module):
        first = (one for _at, one in zip(range(SHOWN), left_behind(access, done), strict=False))
        context |= _listed(access, shape.module, first)
    return set_up_page(request, _place(shape, field), "conversion_done", context)


def _listed(access: Access, module: str, left: Iterable[Any]) -> dict[str, list[LeftLine]]:
    return {"left": list(lines_left(access, module, left))}


def _form(access: Access, shape: Shape, field: FieldEntry, data: QueryDict) -> ConversionForm:
    return ConversionForm(field, data, lambda type_: proposed_choices(access, shape.module, field, type_)[0])


def _field(access: Access, shape: Shape, key: str) -> tuple[FieldEntry, bool]:
    """Return a field of one's own, and whether the layout has it now; of one in the tray only what was converted."""
    document = current_layout(access, shape.module, shape.name).document
    found = next((one for one in all_fields(document) if "id" in one and key_of(one) == key), None)
    if found is None:
        raise Http404
    access.require_fields(shape.module, [key])
    here = any(one is found for one in fields_of(document))
    if here and not targets_of(found):
        raise Http404
    return found, here


def _done(access: Access, shape: Shape, field: FieldEntry) -> Conversion:
    found = conversion_of(access, shape.module, shape.name, field["id"])
    if found is None:
        raise Http404
    return found


def _place(shape: Shape, field: FieldEntry) -> Place:
    title = _("Convert “%(field)s”") % {"field": label_in(field["label"], get_language() or "")}
    return Place("field_conversion", title, shape.place, arguments=(shape.module, shape.name, key_of(field)))


def _type_name(type_: str, decimals: int) -> str:
    return type_names()["decimal" if type_ == "number" and decimals else type_]
