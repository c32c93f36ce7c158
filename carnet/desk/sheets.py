"""Sheets: what opens beside a page, never in its place.

Asked for by a link inside the page, the answer is the bare fragment for `<aside id="sheet">`; asked for by its own
address, it is a whole page with the fragment already open: the catalogue for what lies under /services/, else the day.
So every sheet can be linked, reloaded and used without JavaScript.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict
from django.utils.http import quote_etag
from django.utils.translation import get_language

from carnet.organisations.requests import OrganisationRequest

#: The event that tells an open day to look again; a changing answer triggers it (`day_changed`).
DAY_CHANGED = "day-changed"


def wants_fragment(request: OrganisationRequest) -> bool:
    """Return whether the page is there already, and only the asked-for part of it is wanted."""
    htmx = request.htmx
    return bool(htmx) and not htmx.history_restore_request and htmx.request_type != "full"


def sheet(
    request: OrganisationRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    day: date | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with the sheet that `template` draws: alone for htmx, else beside the whole catalogue or the whole day.

    `day` is the local day that lies behind it; without one it is that of the address (`?day=`), else today or the next
    open day. A `booking` in the context (a query string such as "customer=…&service=…") is what a free place of the
    calendar must not forget when it is clicked; a fragment says the same to the script as `data-booking-state`.
    """
    context = dict(context or {})
    if wants_fragment(request):
        return private(render(request, template, context, status=status))
    # Late, because pages are drawn by views which open sheets themselves.
    if request.path.startswith(reverse("services")):
        from carnet.desk.views.price_list import catalogue_page

        return catalogue_page(request, sheet_template=template, context=context, status=status)
    from carnet.desk.views.day import day_page

    return day_page(request, day, sheet_template=template, context=context, status=status)


def see_other(address: str) -> HttpResponse:
    """Answer a form that was taken: look there, by GET."""
    return HttpResponse(status=303, headers={"Location": address})


def open_page(request: HttpRequest, address: str) -> HttpResponse:
    """Answer a form whose change concerns more than its sheet: the whole page at `address` is opened anew."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": address})
    return see_other(address)


def day_changed(response: HttpResponse) -> HttpResponse:
    """Let the day beside the sheet refresh itself at once; returns the same response."""
    events = response.get("HX-Trigger", "")
    if events.startswith("{"):
        response["HX-Trigger"] = json.dumps(json.loads(events) | {DAY_CHANGED: {}})
    else:
        response["HX-Trigger"] = f"{events}, {DAY_CHANGED}" if events else DAY_CHANGED
    return response


def private(response: HttpResponse) -> HttpResponse:
    """Keep what one person may see out of every cache; a fragment and its page share an address."""
    response["Cache-Control"] = "private, no-store"
    patch_vary_headers(response, ["Cookie", "HX-Request", "HX-Request-Type"])
    return response


def etag_of(*seen: object) -> str:
    """Return the ETag of what is `seen`, in the language in which it is said: equal only if it reads the same."""
    digest = blake2b(repr((get_language(), seen)).encode(), digest_size=16)
    return quote_etag(digest.hexdigest())


def unchanged(request: OrganisationRequest, etag: str) -> HttpResponse | None:
    """Return 304 if the reader has the version that `etag` names, else None."""
    known = {tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(",")}
    if etag not in known:
        return None
    response = HttpResponse(status=304)
    response["ETag"] = etag
    return private(response)


def date_asked(parameters: MultiValueDict[str, str]) -> date | None:
    """Return the day that an address names (`?day=2026-12-01`), None if it names none."""
    try:
        return date.fromisoformat(parameters.get("day") or "")
    except ValueError:
        return None
