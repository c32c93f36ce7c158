"""Files of fields: sent by a page's script as soon as they are chosen, and read by whoever sees what holds them."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET, require_POST

from carnet.base.errors import TradeError
from carnet.customisation.actions.files import keep_file
from carnet.customisation.downloads import file_answer, file_told
from carnet.customisation.types import Setting
from carnet.customisation.uploads import UploadRefused
from carnet.desk.forms.own_files import just_sent
from carnet.desk.sheets import private
from carnet.desk.uploads import field_of_files, sent_for
from carnet.organisations.requests import OrganisationRequest


@require_POST
def files(request: OrganisationRequest) -> HttpResponse:
    """Keep a file or a signature for a field; answers with what the form shows of it, or with why it is refused."""
    key = request.POST.get("field", "")
    field = field_of_files(key)
    if field is None:
        raise Http404
    try:
        kept = keep_file(request.access, field, sent_for(request, "file"))
    except UploadRefused as refused:
        return private(JsonResponse({"sentence": str(refused)}, status=422))
    except TradeError as error:
        return private(JsonResponse({"sentence": error.sentence()}, status=error.status))
    drawn = just_sent(key, file_told(kept), Setting(request.access.organisation.zone))
    html = render_to_string("desk/own_fields/_kept_file.html", {"file": drawn}, request)
    return private(JsonResponse({"id": str(kept.public_id), "html": html}))


@require_GET
def file(request: OrganisationRequest, file_id: UUID) -> HttpResponseBase:
    return file_answer(request.access, request, file_id)


@require_GET
def small_file(request: OrganisationRequest, file_id: UUID) -> HttpResponseBase:
    """Answer with a picture as it stands beside its name."""
    return file_answer(request.access, request, file_id, small=True)
