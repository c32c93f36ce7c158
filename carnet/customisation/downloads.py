"""Stored files on their way out: pictures of our own drawing are shown, all else is handed over and never run."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from carnet.customisation.files import file_seen
from carnet.customisation.models import StoredFile
from carnet.customisation.types.meaning import FileTold
from carnet.organisations.access import Access


def file_told(found: StoredFile) -> FileTold:
    """Return what is known of a file whose field was read with it."""
    by = found.member.name if found.member else ""
    kind = found.field.type
    return FileTold(found.public_id, kind, found.name, found.content_type, found.size, found.sent_at, by)


def file_answer(access: Access, request: HttpRequest, public_id: UUID, *, small: bool = False) -> HttpResponseBase:
    """Answer with a file that the actor sees, 404 for any other; `small` with the small drawing of a picture."""
    found = file_seen(access, public_id)
    if found is None:
        raise Http404
    is_drawn = file_told(found).is_drawn
    if small and not is_drawn:
        raise Http404
    etag = f'"{public_id}-{"small" if small else "whole"}"'
    if (unchanged := get_conditional_response(request, etag=etag)) is not None and unchanged.status_code == 304:
        return unchanged
    data = (found.small if small else None) or found.data
    # Whatever the bytes of a file say they are, a browser is to take them for bytes.
    response = HttpResponse(bytes(data), content_type=found.content_type if is_drawn else "application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(not is_drawn, _file_name(found)) or "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["ETag"] = etag
    return response


def _file_name(found: StoredFile) -> str:
    name = found.name or "signature"
    ending = {"image/webp": ".webp", "image/png": ".png", "text/plain": ".txt"}.get(found.content_type, "")
    if found.field.type == "file" or name.lower().endswith(ending):
        return name
    # It is no longer the kind of file that it was sent as.
    stem, dot, _ending = name.rpartition(".")
    return f"{stem if dot and found.field.type == 'image' else name}{ending}"
