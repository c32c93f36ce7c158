"""Who may see which customers: one's own, and those of the members one reaches.

A customer without an owner belongs to the house; whom a provider serves is added by the appointments room,
which knows the visits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from carnet.customers.models import Address, Contact, Customer, Membership, Note
from carnet.customisation.holders import holds_values
from carnet.customisation.lookups import looked_up
from carnet.customisation.records import kept_in
from carnet.organisations.access import Access, sees
from carnet.organisations.models import Profile

Reasons = Callable[[Access], dict[str, Q]]

#: Rooms above add reasons for which a customer is seen (a visit of one's own), each under its name.
further_reasons: list[Reasons] = []


def reasons_for_customers(access: Access) -> dict[str, Q]:
    """Return why customers are seen, each reason by itself: any of them is enough."""
    reasons = {"owner": Q(owner_id__in=access.reached_members)}
    if access.profile is not None and access.profile.reach == Profile.Reach.ROLE:
        reasons["house"] = Q(owner__isnull=True)
    for further in further_reasons:
        reasons |= further(access)
    return reasons


@sees(Customer)
def customers_seen(access: Access) -> Q:
    return any_of(reasons_for_customers(access))


def any_of(reasons: dict[str, Q]) -> Q:
    return reduce(or_, reasons.values())


def of_customers_seen(access: Access) -> Q:
    return Q(Exists(Customer.objects.filter(customers_seen(access), pk=OuterRef("customer_id")).order_by()))


for _model in (Address, Contact, Membership, Note):
    sees(_model)(of_customers_seen)

looked_up("customer", Customer, "customers.see")
holds_values("customers", Customer, seen_by=("customers.see",), filled_by=("customers.edit", "customers.create"))
kept_in("customers", Customer, found_anew="carnet.customers.actions.create.write_lookup")
