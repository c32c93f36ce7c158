"""Reading customers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from carnet.customers.lookup import digits, fold, looks_like_phone
from carnet.customers.models import Contact, Customer
from carnet.organisations.access import Access

#: More than a person reads while the phone rings.
LOOKUP_LIMIT = 12


def visible_customers(access: Access) -> QuerySet[Customer]:
    access.require("customers.see")
    return access.visible(Customer.objects.all())


def lookup(access: Access, text: str, limit: int = LOOKUP_LIMIT) -> Sequence[Customer]:
    """Return the customers whose name, phone, e-mail or address holds every typed word, accents ignored."""
    found = visible_customers(access)
    if looks_like_phone(text):
        condition = Q(lookup__text__contains=digits(text))
    else:
        words = fold(text).split()
        if not words:
            return []
        condition = Q()
        for word in words:
            condition &= Q(lookup__text__contains=word)
    matches = found.filter(condition).prefetch_related("contacts", "addresses")
    return list(matches.order_by("pk")[:limit])


def customers_calling(access: Access, number: str) -> Sequence[Customer]:
    """Return the customers whom an incoming `number` belongs to, most recently created first."""
    wanted = digits(number)
    if len(wanted) < 4:
        return []
    # The last nine digits tell subscribers apart whatever prefix the switchboard adds.
    tail = wanted[-9:]
    contacts = Contact.objects.filter(kind=Contact.Kind.PHONE, normal__endswith=tail)
    found = visible_customers(access).filter(pk__in=contacts.values("customer_id"))
    return list(found.prefetch_related("contacts", "addresses").order_by("-pk")[:LOOKUP_LIMIT])
