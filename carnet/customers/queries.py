"""Reading customers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact

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
    """Return the customers whose name, phone, e-mail or address holds every typed word, accents ignored.

    Those whose name begins with the first word come first, then those who have it in their name, then the others.
    """
    everyone = visible_customers(access)
    is_number = looks_like_phone(text)
    words = [digits(text)] if is_number else fold(text).split()
    if not words:
        return []
    # The narrow table of what is searched is read by itself; joined to the customers it would be looked up row by row.
    found = LookupText.objects.all()
    for number, word in enumerate(words[:MOST_WORDS]):
        found = found.alias(**{f"at_{number}": StrIndex("text", Value(word))}).filter(**{f"at_{number}__gt": 0})
    if not access.reaches_everything:
        found = found.filter(Exists(everyone.filter(pk=OuterRef("customer_id")).order_by()))
    found = found.order_by("customer_id") if is_number else found.order_by(_by_name(), "customer_id")
    ids = list(found.values_list("customer_id", flat=True)[:limit])
    known = {one.pk: one for one in everyone.filter(pk__in=ids).prefetch_related("contacts", "addresses")}
    return [known[pk] for pk in ids if pk in known]


def _by_name() -> Case:
    """Return how well the first word fits the name, which is what the text that is searched begins with."""
    name_ends = StrIndex("text", Value(" | "))
    in_name = Q(at_0__lt=name_ends) | Exact(name_ends, 0)
    return Case(When(at_0=1, then=0), When(in_name, then=1), default=2, output_field=IntegerField())


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
