"""The catalogue as a page: a price list that keeps the customer on the phone, with a sheet beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from carnet.catalogue.fields import may_read_prices
from carnet.catalogue.models import Place
from carnet.catalogue.queries import ServiceStatus
from carnet.customers.fields import shown
from carnet.customers.models import Customer
from carnet.customers.queries import visible_customers
from carnet.desk.queries.own_asked import own_filters, sorts_of
from carnet.desk.queries.price_list import SORTS, Asked, Line, PriceList, price_list
from carnet.desk.queries.printed import Printed, Printer, dropped, place_words
from carnet.desk.sheets import open_page, private, wants_fragment
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest

#: Views that are always there; the others only when there is something in them.
_VIEWS = ("", ServiceStatus.AVAILABLE, ServiceStatus.UNAVAILABLE, ServiceStatus.NOT_IN_USE)
_FURTHER = (ServiceStatus.UPCOMING, ServiceStatus.ENDED)


@require_GET
def services(request: OrganisationRequest) -> HttpResponse:
    """The price list. What was filtered comes back as the part of the page that changes."""
    if not wants_fragment(request):
        return catalogue_page(request)
    target = request.headers.get("HX-Target", "")
    if "sheet" in target:
        # The catalogue is a page, never a sheet: a link inside a sheet that leads back here leaves the sheet.
        return open_page(request, request.get_full_path())
    request.access.require("catalogue.see")
    drawn = _drawn(request)
    part = "_results" if "catalogue-results" in target else "_catalogue"
    response = private(render(request, f"desk/catalogue/{part}.html", drawn))
    response["HX-Push-Url"] = drawn["address"]
    return response


def catalogue_page(
    request: OrganisationRequest,
    *,
    sheet_template: str = "",
    context: Mapping[str, Any] | None = None,
    ticked: Collection[str] = (),
    status: int = 200,
) -> HttpResponse:
    """Answer with the whole page; `sheet_template`, drawn with `context`, lies open beside it, else the customer."""
    request.access.require("catalogue.see")
    drawn = _drawn(request, ticked)
    if not sheet_template and drawn["customer"]:
        # Late, because the customer's views open sheets themselves.
        from carnet.desk.views.customers import CUSTOMER_SHEET, customer_context

        sheet_template = CUSTOMER_SHEET
        context = customer_context(request, drawn["customer"]) | {
            "close_url": _address(drawn["asked"].but(customer=""))
        }
    if sheet_template:
        drawn["sheet_fragment"] = mark_safe(render_to_string(sheet_template, dict(context or {}), request))
    return private(render(request, "desk/catalogue/page.html", drawn, status=status))


def catalogue_address(request: OrganisationRequest) -> str:
    """Return where a sheet of the catalogue closes to: the price list as it was asked for, the customer kept."""
    return _address(str(Asked.of(request.GET)))


def _address(query: str) -> str:
    return reverse("services") + (f"?{query}" if query else "")


def customer_on_the_phone(request: OrganisationRequest) -> Customer | None:
    """Return the customer that the catalogue must not forget; one that may not be seen counts as none."""
    try:
        asked = UUID(request.GET.get("customer", ""))
    except ValueError:
        return None
    if not request.access.may("customers.see"):
        return None
    found = visible_customers(request.access).filter(public_id=asked).first()
    return shown(request.access, found) if found else None


def _drawn(request: OrganisationRequest, ticked: Collection[str] = ()) -> dict[str, Any]:
    """Return all that the templates of the catalogue draw."""
    access = request.access
    asked = Asked.of(request.GET)
    customer = customer_on_the_phone(request)
    if customer is None:
        asked = Asked.of({**_given(asked), "customer": ""})
    found = price_list(access, asked)
    printer = Printer(access, found)
    cards = asked.layout == "cards"
    query = str(asked)
    frame = Frame(
        template=f"desk/catalogue/{'_card' if cards else '_line'}.html",
        services_url=reverse("services"),
        booking_url=reverse("booking"),
        kept=f"?{query}" if query else "",
        for_customer=f"&customer={asked.customer}" if asked.customer else "",
        book=_("Book"),
        may_edit=access.may("catalogue.edit"),
    )
    marked = frozenset(ticked)

    def drawn(lines: Iterable[Line]) -> list[SafeString]:
        return [_line(line, frame, line.id in marked) for line in printer.lines(lines)]

    return {
        "asked": asked,
        "asked_hidden": [(name, value) for name, value in _given(asked).items() if name in _HIDDEN and value],
        "found": found,
        "groups": [(group.name, drawn(group.lines)) for group in found.groups],
        "rest": drawn(found.rest),
        "sectioned": len(found.groups) > 1,
        "cards": cards,
        "views": _views(asked, found),
        "layouts": _layouts(asked),
        "filters": _filters(access, asked, found),
        "dropped": dropped(asked, found),
        "nothing": _nothing(asked),
        "everything": _address(Asked(customer=asked.customer, layout=asked.layout, sort=asked.sort).but()),
        "customer": customer,
        "address": _address(query),
        "kept": frame.kept,
        "services_url": frame.services_url,
        "selection_url": reverse("services_selection") + (f"?{query}" if query else ""),
        "may_create": access.may("catalogue.create"),
        "may_edit": frame.may_edit,
        "may_delete": access.may("catalogue.delete"),
    }


@dataclass(frozen=True, slots=True)
class Frame:
    """What all lines of a page share."""

    template: str
    services_url: str
    booking_url: str
    kept: str
    for_customer: str
    book: str
    may_edit: bool


@lru_cache(maxsize=4_000)
def _line(line: Printed, frame: Frame, ticked: bool) -> SafeString:
    """Return a line as HTML. It depends on nothing but what is handed in, so what was drawn before is used again."""
    return mark_safe(render_to_string(frame.template, {"line": line, "frame": frame, "ticked": ticked}).strip())


#: What the form of the filters does not ask itself, and keeps.
_HIDDEN = ("view", "layout", "customer")


def _given(asked: Asked) -> dict[str, str]:
    return {name: getattr(asked, name) for name in Asked.__slots__}


def _views(asked: Asked, found: PriceList) -> list[dict[str, Any]]:
    names: dict[str, str] = {
        "": pgettext("several services", "All"),
        ServiceStatus.AVAILABLE: pgettext("several services", "Available"),
        ServiceStatus.UNAVAILABLE: pgettext("several services", "Temporarily unavailable"),
        ServiceStatus.NOT_IN_USE: pgettext("several services", "Not in use"),
        ServiceStatus.UPCOMING: pgettext("several services", "Upcoming"),
        ServiceStatus.ENDED: pgettext("several services", "Ended"),
    }
    shown = [*_VIEWS, *(view for view in _FURTHER if found.counts.get(view) or asked.view == view)]
    return [
        {
            "label": names[view],
            "url": _address(asked.but(view=view)),
            "count": found.counts.get(view, 0),
            "current": asked.view == view,
        }
        for view in shown
    ]


def _layouts(asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "icon": icon,
            "url": _address(asked.but(layout=layout)),
            "current": asked.layout == layout,
        }
        for layout, label, icon in (("", _("List"), "list"), ("cards", _("Cards"), "layout-grid"))
    ]


def _filters(access: Access, asked: Asked, found: PriceList) -> list[dict[str, Any]]:
    """Return the drop-downs in which there is something to choose, and what can be typed of own fields."""
    sorts = {
        "": _("By category"),
        "name": _("By name"),
        "price": _("By price"),
        "duration": _("By duration"),
        "next": _("By next free time"),
    }
    orders = [one for one in ("", *SORTS[1:]) if one != "price" or may_read_prices(access)]
    categories = {key: name or _("No category") for key, name in found.categories.items()}
    filters: list[tuple[str, str, str, Mapping[str, str], str]] = [
        ("category", _("Category"), _("All categories"), categories, asked.category),
        ("tag", _("Tag"), _("All tags"), found.tags, asked.tag),
        ("member", _("Member"), _("All members"), found.members, asked.member),
        ("place", _("Service location"), _("All places"), {one: place_words(one) for one in _PLACES}, asked.place),
    ]
    order = {one: sorts[one] for one in orders} | sorts_of(found.fields)
    last = ("sort", _("Order"), "", order, asked.sort)
    return [
        *map(_drop_down, (one for one in filters if len(one[3]) > 1 or one[4])),
        *own_filters(found.fields, found.own),
        _drop_down(last),
    ]


def _drop_down(filter: tuple[str, str, str, Mapping[str, str], str]) -> dict[str, Any]:
    name, label, every, choices, value = filter
    return {"name": name, "id": name, "label": label, "all": every, "choices": list(choices.items()), "value": value}


_PLACES = (Place.BUSINESS, Place.CUSTOMER)


def _nothing(asked: Asked) -> str:
    if asked.filters:
        return _("No service passes these filters.")
    return {
        ServiceStatus.AVAILABLE: _("No service is available."),
        ServiceStatus.UNAVAILABLE: _("No service is temporarily unavailable."),
        ServiceStatus.NOT_IN_USE: _("All services are in use."),
        ServiceStatus.UPCOMING: _("No service is upcoming."),
        ServiceStatus.ENDED: _("The period of no service has ended."),
    }.get(ServiceStatus(asked.view) if asked.view else ServiceStatus.AVAILABLE, "")
