"""Files of fields over HTTP: sent for a field, then named by their id where the field is filled in."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from carnet.base.api import answer
from carnet.base.errors import Invalid
from carnet.base.pictures import MOST_BYTES
from carnet.customisation import models
from carnet.customisation.actions.files import keep_file
from carnet.customisation.downloads import file_answer, file_told
from carnet.customisation.holders import require_fill
from carnet.customisation.types.files import FILES, output
from carnet.customisation.uploads import Sent, UploadRefused
from carnet.organisations.tokens import ApiRequest

router = Router(tags=["Layouts"])

#: What surrounds the file in a form.
_MARGIN: Final = 64 * 1024
_BYTES: Final[dict[str, Any]] = {"type": "string", "format": "binary"}
_FORM: Final = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "properties": {
                    "file": {**_BYTES, "description": "A file; of a signature a picture of it."},
                    "name": {"type": "string", "description": "Of a signature who signs; alone, it is the signature."},
                },
                "additionalProperties": False,
            }
        }
    },
}
_FILE: Final = {200: {"description": "OK", "content": {"application/octet-stream": {"schema": _BYTES}}}}


class FileOut(BaseModel):
    """A file as fields tell it; size in bytes."""

    id: UUID
    name: str
    type: str
    size: int
    sent_at: datetime


@router.post(
    "/files",
    response={201: FileOut},
    operation_id="files_send",
    summary="Send a file for a field",
    openapi_extra={"requestBody": _FORM},
)
def send(
    request: ApiRequest,
    organisation: Path[str],
    field: Annotated[
        str, Query(description="The key of a picture, file or signature, as “f12”."), Field(max_length=20)
    ],
) -> HttpResponse:
    """Keep a picture, a file or a signature. Within a day, name its id as the field’s value; else it is thrown away.

    Pictures (JPEG, PNG, WebP or GIF, 12 MB at most) are drawn anew, files (10 MB at most) are kept as they are.
    """
    found = None
    if re.fullmatch(r"f\d{1,18}", field, re.ASCII):
        found = models.Field.objects.filter(pk=int(field[1:]), type__in=FILES).first()
    if found is None:
        raise Http404
    # Before a body is read.
    require_fill(request.access, found.module, field)
    try:
        kept = keep_file(request.access, found, _sent(request))
    except UploadRefused as refused:
        raise Invalid(file=str(refused)) from None
    return answer(output(file_told(kept)), 201)


@router.get(
    "/files/{uuid:file_id}",
    response={200: None},
    operation_id="files_get",
    summary="Read a file",
    openapi_extra={"responses": _FILE},
)
def get(request: ApiRequest, organisation: Path[str], file_id: Path[UUID]) -> HttpResponseBase:
    """Return a file that a record holds in a field; 404 for who does not see both."""
    return file_answer(request.access, request, file_id)


def _sent(request: ApiRequest) -> Sent:
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _MARGIN:
        raise Invalid(file=str(UploadRefused("too-large")))
    if request.content_type != "multipart/form-data":
        raise Invalid(file=_("Send a form with one file named “file”, or for a signature with a “name”."))
    try:
        fields, files = MultiPartParser(request.META, request, request.upload_handlers, request.encoding).parse()
    except MultiPartParserError:
        raise Invalid(file=_("This form cannot be read. Send one file named “file”.")) from None
    sent = files.getlist("file")
    if len(files) > 1 or len(sent) > 1 or (files and not sent) or set(fields) - {"name"}:
        raise Invalid(file=_("Send a form with one file named “file”, or for a signature with a “name”."))
    name = fields.get("name", "")
    if not sent:
        return Sent(None, name)
    with sent[0] as file:
        return Sent(file.read(MOST_BYTES + 1), name or file.name or "")
