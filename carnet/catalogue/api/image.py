"""The image of a service over HTTP: sent as it is or as a form's file, drawn anew, read in three sizes."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser, MultiPartParserError
from django.utils.translation import gettext as _
from ninja import Header, Path, Query, Router

from carnet.base.api import expected_version, problems
from carnet.base.errors import Invalid
from carnet.catalogue.actions.image import change_image
from carnet.catalogue.api.asking import service_at
from carnet.catalogue.api.services import HERE, told
from carnet.catalogue.api.shapes import ServiceOut
from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Picture
from carnet.catalogue.pictures import CONTENT_TYPE, MOST_BYTES, drawn, too_large
from carnet.organisations.tokens import ApiRequest, TokenAuth

router = Router(tags=["Catalogue"], auth=TokenAuth(seeing="catalogue.see"))

IfMatch = Annotated[str | None, Header(alias="If-Match")]
#: What surrounds the file in a form.
_MARGIN = 64 * 1024
_BYTES: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
_FORM: dict[str, Any] = {
    "schema": {
        "type": "object",
        "properties": {"image": {"type": "string", "format": "binary"}},
        "required": ["image"],
        "additionalProperties": False,
    }
}
_BODY = {
    "required": True,
    "content": {"image/*": _BYTES, "application/octet-stream": _BYTES, "multipart/form-data": _FORM},
}
_IMAGE = {200: {"description": "OK", "content": {CONTENT_TYPE: _BYTES}}}


@router.get(
    f"{HERE}/image",
    response={200: None},
    operation_id="services_image",
    summary="Read the image of a service",
    openapi_extra={"responses": _IMAGE},
)
def image(
    request: ApiRequest,
    organisation: Path[str],
    service_id: Path[UUID],
    size: Annotated[
        Literal["small", "medium", "large"], Query(description="At most 96, 480 or 1280 pixels.")
    ] = "large",
) -> HttpResponse:
    """Return the image as WebP; 404 for a service that has none."""
    service = service_at(request.access, service_id)
    if not request.access.may_read_field(SERVICES, "image"):
        raise Http404
    found = Picture.objects.filter(service=service).values_list("public_id", size).first()
    if found is None:
        raise Http404
    response = HttpResponse(bytes(found[1]), content_type=CONTENT_TYPE)
    response.headers["ETag"] = f'"{found[0]}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = "inline"
    return response


@router.put(
    f"{HERE}/image",
    response=ServiceOut,
    operation_id="services_image_change",
    summary="Give a service an image",
    openapi_extra={**problems(412), "requestBody": _BODY},
)
def image_change(
    request: ApiRequest, organisation: Path[str], service_id: Path[UUID], if_match: IfMatch = None
) -> HttpResponse:
    """Take a JPEG, PNG, WebP or GIF of at most 12 MB in place of the image; nothing of the file itself is kept."""
    access = request.access
    service = service_at(access, service_id)
    access.require("catalogue.edit")
    access.require_fields(SERVICES, ["image"])
    change_image(access, service, drawn(image_sent(request)), version=expected_version(request))
    return told(access, service_id)


@router.delete(
    f"{HERE}/image",
    response={204: None},
    operation_id="services_image_drop",
    summary="Take a service's image away",
    openapi_extra=problems(412),
)
def image_drop(
    request: ApiRequest, organisation: Path[str], service_id: Path[UUID], if_match: IfMatch = None
) -> HttpResponse:
    access = request.access
    change_image(access, service_at(access, service_id), None, version=expected_version(request))
    return HttpResponse(status=204)


def image_sent(request: HttpRequest) -> bytes:
    """Return the bytes of the body, or of the one file `image` of a form; raises Invalid beside `image`."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _MARGIN:
        raise too_large()
    if request.content_type != "multipart/form-data":
        return request.read(MOST_BYTES + 1)
    try:
        fields, files = MultiPartParser(request.META, request, request.upload_handlers, request.encoding).parse()
    except MultiPartParserError:
        raise Invalid(image=_("This form cannot be read. Send one file named “image”.")) from None
    sent = files.getlist("image")
    if fields or len(sent) != 1 or len(files) != 1:
        raise Invalid(image=_("This form cannot be read. Send one file named “image”."))
    with sent[0] as file:
        return bytes(file.read(MOST_BYTES + 1))
