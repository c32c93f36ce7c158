"""Everything in one file: asked for, written in the background, fetched for a week by who may export."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_http_methods

from carnet.desk.sheets import open_page
from carnet.desk.views.set_up_places import EXPORTS, set_up_page
from carnet.organisations.actions.export import ask_export, require_export
from carnet.organisations.export import file_of
from carnet.organisations.models import Export
from carnet.organisations.requests import OrganisationRequest

#: Bytes that are sent at once.
CHUNK: Final = 64 * 1024


@require_http_methods(["GET", "POST"])
def exports(request: OrganisationRequest) -> HttpResponse:
    """The files there are and how far each is; the button asks for one more."""
    require_export(request.access)
    if request.method == "POST":
        ask_export(request.access)
        return open_page(request, EXPORTS.url)
    found = Export.objects.filter(expires_at__gt=request.access.now).select_related("member")
    context = {"exports": found, "writing": any(one.finished_at is None for one in found)}
    return set_up_page(request, EXPORTS, "organisation_exports", context)


@require_GET
def download(request: OrganisationRequest, export_id: UUID) -> HttpResponseBase:
    """The file itself; its address alone opens nothing, and after a week it is nowhere."""
    require_export(request.access)
    asked = Export.objects.select_related("organisation").filter(expires_at__gt=request.access.now)
    export = get_object_or_404(asked, public_id=export_id, finished_at__isnull=False)
    path = file_of(export)
    if not path.exists():
        raise Http404
    name = f"{request.organisation.slug}-{export.created_at:%Y-%m-%d}.zip"
    response = StreamingHttpResponse(_chunks(path), content_type="application/zip")
    response["Content-Length"] = str(path.stat().st_size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
