"""Reading customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import Exact

from carnet.customers.fields import CUSTOMERS, all_shown, searches_everything
from carnet.customers.lookup import digits, fold, looks_like_phone, searched_text
from carnet.customers.models import Contact, Customer, LookupText
from carnet.customisation.queries import searched_texts
from carnet.organisations.access import Access

#: More than a person reads while the phone rings.
LOOKUP_LIMIT = 12
#: Words that are looked for; nobody types more while the phone rings.
MOST_WORDS = 8
#: As many are looked through at once for who may not see all of what is searched.
_LOOKED_THROUGH = 200


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
    found = found.order_by("customer_id") if is_number else found.order_by(_by_name(), "customer_id")
    ids = found.values_list("customer_id", flat=True)
    best = None
    if not access.reaches_everything:
        if searches_everything(access):
            best = _best_in_sight(everyone, ids, limit)
        ids = ids.filter(Exists(everyone.filter(pk=OuterRef("customer_id")).order_by()))
    if not searches_everything(access):
        return _found_by_what_is_seen(access, everyone, ids, words[:MOST_WORDS], limit)
    return all_shown(access, _in_order(everyone, list(ids[:limit]) if best is None else best))


def _best_in_sight(everyone: QuerySet[Customer], ids: Any, limit: int) -> list[int] | None:
    """Return the best of `ids` that are among `everyone`; None where the few looked at do not tell.

    Asking of each customer found whether they are in sight costs more than finding them: a common name has thousands.
    """
    some = list(ids[:_LOOKED_THROUGH])
    in_sight = set(everyone.filter(pk__in=some).order_by().values_list("pk", flat=True))
    best = [pk for pk in some if pk in in_sight][:limit]
    return best if len(best) == limit or len(some) < _LOOKED_THROUGH else None


def _in_order(everyone: QuerySet[Customer], ids: Sequence[int]) -> list[Customer]:
    known = {one.pk: one for one in everyone.filter(pk__in=ids).prefetch_related("contacts", "addresses")}
    return [known[pk] for pk in ids if pk in known]


def _found_by_what_is_seen(
    access: Access, everyone: QuerySet[Customer], ids: Any, words: Sequence[str], limit: int
) -> list[Customer]:
    """Return those of the customers found that have every word in what the reader may see of them.

    A number that is hidden must not be found by trying, digit by digit, which numbers find somebody.
    """
    found: list[Customer] = []
    start = 0
    while len(found) < limit and (some := list(ids[start : start + _LOOKED_THROUGH])):
        for customer in all_shown(access, _in_order(everyone, some)):
            text = text_of(access, customer)
            if all(word in text for word in words):
                found.append(customer)
        start += _LOOKED_THROUGH
    return found[:limit]


def text_of(access: Access, customer: Customer) -> str:
    """Return what the lookup searches of a customer as it is at hand."""
    contacts = customer.contacts.all()
    return searched_text(
        access.organisation.country,
        customer.name,
        [one.value for one in contacts if one.kind == Contact.Kind.PHONE],
        [one.value for one in contacts if one.kind == Contact.Kind.EMAIL],
        [f"{one.street} {one.postcode} {one.city}" for one in customer.addresses.all()],
        searched_texts(access, CUSTOMERS, customer.custom),
    )


def _by_name() -> Case:
    """Return how well the first word fits the name, which is what the text that is searched begins with."""
    name_ends = StrIndex("text", Value(" | "))
    in_name = Q(at_0__lt=name_ends) | Exact(name_ends, 0)
    return Case(When(at_0=1, then=0), When(in_name, then=1), default=2, output_field=IntegerField())


def customers_calling(access: Access, number: str) -> Sequence[Customer]:
    """Return the customers whom an incoming `number` belongs to, most recently created first."""
    wanted = digits(number)
    if len(wanted) < 4 or not access.may_read_field(CUSTOMERS, "phone"):
        access.require("customers.see")
        return []
    # The last nine digits tell subscribers apart whatever prefix the switchboard adds.
    tail = wanted[-9:]
    contacts = Contact.objects.filter(kind=Contact.Kind.PHONE, normal__endswith=tail)
    found = visible_customers(access).filter(pk__in=contacts.values("customer_id"))
    return all_shown(access, found.prefetch_related("contacts", "addresses").order_by("-pk")[:LOOKUP_LIMIT])
