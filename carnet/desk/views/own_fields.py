"""What a form asks of the server while it is filled in: what to show for what is typed, and what to suggest."""

from __future__ import annotations

import orjson
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from carnet.customisation.lookups import Known
from carnet.customisation.models import LayoutVersion
from carnet.customisation.permissions import SEEN_BY
from carnet.customisation.queries import Document, current_layout
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.lookups import LookUp
from carnet.customisation.values import custom_fields
from carnet.desk.forms.own_fields import OwnFields
from carnet.desk.forms.own_lookups import found
from carnet.desk.sheets import private
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest


@require_POST
def asked(request: OrganisationRequest, module: str, name: str) -> HttpResponse:
    """Answer with the fields that are asked for the values sent, and with what the totals come to; writes nothing."""
    if module not in SEEN_BY:
        raise Http404
    request.access.require(SEEN_BY[module])
    document = _document(request.access, module, name, request.GET.get("version", ""))
    # A file that the record holds stands in its form, though the record is not looked at here.
    setting = Setting(request.access.organisation.zone, lookups=Known(request.access, held=True))
    own = OwnFields(
        request.access, module, layout=name, document=document, stored={}, data=request.POST, setting=setting
    )
    return private(HttpResponse(orjson.dumps(own.asked_now()), content_type="application/json"))


@require_GET
def suggestions(request: OrganisationRequest, module: str, name: str) -> HttpResponse:
    """Answer with the records that fit what is typed in a look-up: nothing in a field that the reader has not."""
    if module not in SEEN_BY:
        raise Http404
    access = request.access
    access.require(SEEN_BY[module])
    asked = custom_fields(_document(access, module, name, request.GET.get("version", "")))
    key = request.GET.get("field", "")
    field = asked.get(key) if key in asked and access.may_read_field(module, key) else None
    fitting = []
    if field is not None and isinstance(type_of(field), LookUp):
        fitting = found(access, field["type"], request.GET.get("q", "")[:300])
    return private(render(request, "desk/own_fields/_suggestions.html", {"key": key, "suggestions": fitting}))


def _document(access: Access, module: str, name: str, version: str) -> Document:
    """Return the newest version, or the one of that number, which a kept sheet is filled in with."""
    if not version.isdecimal() or len(version) > 9:
        return current_layout(access, module, name).document
    kept = LayoutVersion.objects.filter(layout__module=module, layout__name=name, number=int(version)).first()
    if kept is None:
        raise Http404
    found: Document = kept.document
    return found
