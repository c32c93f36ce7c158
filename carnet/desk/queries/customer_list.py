"""The customers as a list, a page at a time: by name, or narrowed and put in order by the organisation's own fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carnet.customers.fields import CUSTOMERS, all_shown
from carnet.customers.models import Customer
from carnet.customers.queries import visible_customers
from carnet.customisation.finding import page_by
from carnet.customisation.queries import FieldEntry
from carnet.customisation.showing import Told, learn_looked_up, told_fields
from carnet.desk.queries.own_asked import (
    drop_downs,
    listed_fields,
    narrowed,
    own_given,
    own_sort_given,
    seen_of,
    sorting_of,
    sorts_of,
)
from carnet.organisations.access import Access

#: A page of the list.
LISTED = 50


@dataclass(frozen=True)
class CustomerList:
    """A page of customers with what is told of them, what can be asked, and the query of the page that follows."""

    customers: Sequence[tuple[Customer, Sequence[Told]]]
    filters: Sequence[Mapping[str, Any]]
    next: str = ""
    #: Whether these are not all there are.
    is_narrowed: bool = field(default=False)


def customer_list(access: Access, parameters: Mapping[str, Any]) -> CustomerList:
    """Return the page that an address asks for; what makes no sense in it asks nothing."""
    everybody = visible_customers(access)
    fields = listed_fields(access, CUSTOMERS)
    own = seen_of(fields, own_given(parameters))
    sort = own_sort_given(str(parameters.get("sort") or ""))
    order = sorting_of(fields, sort)
    found = narrowed(everybody, access, CUSTOMERS, fields, own)
    last = _last(everybody, str(parameters.get("after") or ""))
    if order is None:
        customers, more = _by_name(found, last)
    else:
        page = page_by(
            found, access, CUSTOMERS, order[0], descending=order[1], after=last.pk if last else None, limit=LISTED
        )
        known = {one.pk: one for one in _read(everybody.filter(pk__in=page.pks).order_by())}
        customers, more = [known[pk] for pk in page.pks if pk in known], page.more
    asked = {"own": own, "sort": sort if order else ""}
    learn_looked_up(access, CUSTOMERS, [one.custom for one in customers], "list")
    return CustomerList(
        [(one, told_fields(access, CUSTOMERS, one.custom, "list")) for one in all_shown(access, customers)],
        _filters(fields, own, asked["sort"]),
        urlencode({name: value for name, value in (asked | {"after": customers[-1].public_id_text}).items() if value})
        if more
        else "",
        bool(own),
    )


def _last(everybody: QuerySet[Customer], after: str) -> Customer | None:
    try:
        return everybody.filter(public_id=UUID(after)).first() if after else None
    except ValueError:
        return None


def _by_name(found: QuerySet[Customer], last: Customer | None) -> tuple[list[Customer], bool]:
    if last is not None:
        # The first condition is what the index begins at.
        found = found.filter(Q(name__gt=last.name) | Q(pk__gt=last.pk), name__gte=last.name)
    read = list(_read(found.order_by("name", "pk")[: LISTED + 1]))
    return read[:LISTED], len(read) > LISTED


def _read(found: QuerySet[Customer]) -> QuerySet[Customer]:
    return found.prefetch_related("contacts", "addresses")


def _filters(fields: Mapping[str, FieldEntry], own: str, sort: str) -> list[dict[str, Any]]:
    orders = sorts_of(fields)
    choices = [("", _("By name"))]
    for key, words in orders.items():
        choices += [(key, words), (f"-{key}", _("%(order)s, from the end") % {"order": words})]
    order = {"name": "sort", "id": "sort", "label": _("Order"), "all": "", "choices": choices, "value": sort}
    return [*drop_downs(fields, own), *([order] if orders else [])]
