"""« Exporter (CSV) »: the customers that the list shows, as a table for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_POST

from carnet.base.errors import Invalid
from carnet.base.spreadsheet import BYTE_ORDER_MARK, written
from carnet.customers.fields import CUSTOMERS
from carnet.customers.table import customers_table
from carnet.customisation.finding import findable_fields
from carnet.desk.sheets import private
from carnet.desk.views.customer_list import asked_of, drawn
from carnet.organisations.activity import record
from carnet.organisations.requests import OrganisationRequest
from carnet.scheduling.hours import local


@require_POST
def customer_export(request: OrganisationRequest) -> HttpResponseBase:
    """All that is looked for, written while it is sent; that it was, is noted."""
    access = request.access
    access.require("customers.export")
    # Where somebody is on the pages of the list has no part in it.
    asked = replace(asked_of(findable_fields(access, CUSTOMERS), request.POST), after=None)
    try:
        chunks = customers_table(access, asked)
    except Invalid:
        return private(render(request, "desk/customers/list.html", drawn(access, request.POST), status=422))
    # Not what was looked for: whoever reads of it may not know of these fields.
    record(access, "customers.exported", access.organisation)

    def lines() -> Iterator[bytes]:
        yield BYTE_ORDER_MARK.encode()
        for chunk in chunks:
            yield written(chunk).encode()

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    today = local(access.now, access.organisation.zone).date
    response["Content-Disposition"] = f'attachment; filename="customers-{today:%Y-%m-%d}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response
