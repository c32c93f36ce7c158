"""Reading customers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex

from carnet.customers.lookup import digits, fold, looks_like_phone
from carnet.customers.models import Contact, Customer, LookupText
from carnet.organisations.access import Access

#: More than a person reads while the phone rings.
LOOKUP_LIMIT = 12
#: Words that are looked for; nobody types more while the phone rings.
MOST_WORDS = 8


def visible_customers(access: Access) -> QuerySet[Customer]:
    access.require("customers.see")
    return access.visible(Customer.objects.all())


def lookup(access: Access, text: str, limit: int = LOOKUP_LIMIT) -> Sequence[Customer]:
    """Return the customers whose name, phone, e-mail or address holds every typed word, accents ignored."""
    everyone = visible_customers(access)
    words = [digits(text)] if looks_like_phone(text) else fold(text).split()
    if not words:
        return []
    # The narrow table of what is searched is read by itself, in its own order and only until enough is found;
    # joined to the customers it would be looked up row by row.
    found = LookupText.objects.all()
    for number, word in enumerate(words[:MOST_WORDS]):
        found = found.alias(**{f"at_{number}": StrIndex("text", Value(word))}).filter(**{f"at_{number}__gt": 0})
    if not access.reaches_everything:
        found = found.filter(customer__in=everyone.values("pk"))
    ids = list(found.order_by("customer_id").values_list("customer_id", flat=True)[:limit])
    return list(everyone.filter(pk__in=ids).prefetch_related("contacts", "addresses").order_by("pk"))


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
