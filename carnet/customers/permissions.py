"""Who may see which customers: one's own, and those of the members one reaches.

A customer without an owner belongs to the house; whom a provider serves is added by the appointments room,
which knows the visits.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from carnet.customers.models import Address, Contact, Customer, Membership, Note
from carnet.customisation.lookups import looked_up
from carnet.organisations.access import Access, sees
from carnet.organisations.models import Profile

#: Rooms above add reasons for which a customer is seen (a visit of one's own).
further_reasons: list[Callable[[Access], Q]] = []


@sees(Customer)
def customers_seen(access: Access) -> Q:
    seen = Q(owner_id__in=access.reached_members)
    if access.profile is not None and access.profile.reach == Profile.Reach.ROLE:
        seen |= Q(owner__isnull=True)
    for reason in further_reasons:
        seen |= reason(access)
    return seen


def of_customers_seen(access: Access) -> Q:
    return Q(customer__in=Customer.objects.filter(customers_seen(access)))


for _model in (Address, Contact, Membership, Note):
    sees(_model)(of_customers_seen)

looked_up("customer", Customer, "customers.see")
