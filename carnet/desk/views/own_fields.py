"""What a form with rules asks while it is filled in: the page sends what is typed and is told what to show."""

from __future__ import annotations

import orjson
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_POST

from carnet.customisation.lookups import Known
from carnet.customisation.models import LayoutVersion
from carnet.customisation.permissions import SEEN_BY
from carnet.customisation.queries import Document, current_layout
from carnet.customisation.types import Setting
from carnet.desk.forms.own_fields import OwnFields
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


def _document(access: Access, module: str, name: str, version: str) -> Document:
    """Return the newest version, or the one of that number, which a kept sheet is filled in with."""
    if not version.isdecimal() or len(version) > 9:
        return current_layout(access, module, name).document
    kept = LayoutVersion.objects.filter(layout__module=module, layout__name=name, number=int(version)).first()
    if kept is None:
        raise Http404
    found: Document = kept.document
    return found
