"""« Activité »: who did what, when, with before and after; nothing of it can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from carnet.base.spreadsheet import BYTE_ORDER_MARK, written
from carnet.desk.forms.activity import ActivityForm
from carnet.desk.queries.activity import PAGE, activity_asked, exported, lines_of
from carnet.desk.views.set_up_places import ACTIVITY, set_up_page
from carnet.organisations.activity import record
from carnet.organisations.requests import OrganisationRequest
from carnet.scheduling.hours import local


@require_GET
def activity(request: OrganisationRequest) -> HttpResponse:
    """What happened, newest first, a page at a time by its place in the order."""
    request.access.require("activity.see")
    return _page(request, _form(request, request.GET))


@require_POST
def export(request: OrganisationRequest) -> HttpResponseBase:
    """All that is looked for, as a table for a spreadsheet, written while it is sent; that, too, is noted."""
    access = request.access
    access.require("activity.export")
    form = _form(request, request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    rows = activity_asked(access, form.asked())
    told = {"filters": [None, urlencode(form.kept())]} if form.kept() else {}
    record(access, "activity.exported", access.organisation, changes=told)

    def lines() -> Iterator[bytes]:
        yield BYTE_ORDER_MARK.encode()
        for chunk in exported(access, rows):
            yield written(chunk).encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="activity-{access.now:%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _form(request: OrganisationRequest, data: QueryDict) -> ActivityForm:
    return ActivityForm(data, local(request.access.now, request.access.organisation.zone).date)


def _page(request: OrganisationRequest, form: ActivityForm, *, status: int = 200) -> HttpResponse:
    access = request.access
    found = list(activity_asked(access, form.asked())[: PAGE + 1]) if form.is_valid() else []
    rows = found[:PAGE]
    context = {
        "form": form,
        "kept": form.kept() if form.is_valid() else {},
        "valid": form.is_valid(),
        "lines": lines_of(access, rows),
        "older": form.older(rows[-1]) if len(found) > PAGE else "",
        "newest": f"{ACTIVITY.url}?{urlencode(form.kept())}" if form.is_valid() else ACTIVITY.url,
        "is_later_page": form.is_valid() and form.cleaned_data["before"] is not None,
        "one_record": form.is_valid() and form.cleaned_data["record"] is not None,
        "may_export": access.may("activity.export"),
    }
    return set_up_page(request, ACTIVITY, "activity", context, status=status)
