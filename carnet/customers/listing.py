"""The list of customers: filtered and put in order, by what everybody has and by what the organisation added."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.customers.fields import CUSTOMERS, all_shown
from carnet.customers.models import Customer
from carnet.customers.queries import visible_customers
from carnet.customisation.finding import filtered, findable_fields, page_by
from carnet.organisations.access import Access
from carnet.organisations.fields import is_added

#: Lines of a page.
PAGE: Final = 50
#: Orders by what every customer has: by name, or newest first.
NAME, NEWEST = "name", "newest"


@dataclass(frozen=True)
class Asked:
    """What is looked for: own fields by key with operator and value; in the order of `sort`, a name or an own field."""

    language: str = ""
    own: Sequence[tuple[str, str, Any]] = field(default_factory=tuple)
    sort: str = NAME
    descending: bool = False
    after: UUID | None = None


@dataclass(frozen=True)
class Listed:
    """A page of customers with contacts and addresses, and the last of them if others follow."""

    customers: Sequence[Customer]
    next: UUID | None


def customers_listed(access: Access, asked: Asked, limit: int = PAGE) -> Listed:
    """Return the customers asked for, as far as the reader sees them; raises Invalid by key."""
    found = visible_customers(access)
    if asked.language:
        if not access.may_read_field(CUSTOMERS, "language"):
            raise Invalid(language=_("This list cannot be filtered so."))
        found = found.filter(language=asked.language)
    known = findable_fields(access, CUSTOMERS)
    for key, operator, value in asked.own:
        found = filtered(found, access, CUSTOMERS, _known(known, key), operator, value)
    last = None
    if asked.after is not None:
        last = visible_customers(access).filter(public_id=asked.after).only("pk", "sorted_as").first()
    if asked.sort in (NAME, NEWEST):
        pks, more = _by_columns(found, asked, last, limit)
    else:
        own = _known(known, asked.sort)
        page = page_by(
            found, access, CUSTOMERS, own, descending=asked.descending, after=last.pk if last else None, limit=limit
        )
        pks, more = list(page.pks), page.more
    rows = {one.pk: one for one in Customer.objects.filter(pk__in=pks).prefetch_related("contacts", "addresses")}
    # Shown last: what was found by is decided, only what is told is taken out.
    customers = all_shown(access, [rows[pk] for pk in pks])
    return Listed(customers, customers[-1].public_id if more and customers else None)


def _by_columns(found: QuerySet[Customer], asked: Asked, last: Customer | None, limit: int) -> tuple[list[int], bool]:
    beyond, sign = ("lt", "-") if asked.descending else ("gt", "")
    if asked.sort == NEWEST:
        beyond, sign = ("gt", "") if asked.descending else ("lt", "-")
        order: tuple[str, ...] = (f"{sign}pk",)
        later = Q(**{f"pk__{beyond}": last.pk}) if last else Q()
    else:
        order = (f"{sign}sorted_as", f"{sign}pk")
        later = Q()
        if last:
            # The first condition is what the index begins at.
            found = found.filter(**{f"sorted_as__{beyond}e": last.sorted_as})
            later = Q(**{f"sorted_as__{beyond}": last.sorted_as}) | Q(**{f"pk__{beyond}": last.pk})
    pks = list(found.filter(later).order_by(*order).values_list("pk", flat=True)[: limit + 1])
    return pks[:limit], len(pks) > limit


def _known(known: Mapping[str, Any], key: str) -> Any:
    if key not in known:
        raise Invalid(**{key[:40] if is_added(key) else "order": _("This field is not part of the layout.")})
    return known[key]
