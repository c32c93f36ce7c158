"""Giving a customer to somebody else."""

from __future__ import annotations

from carnet.base.errors import StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import repeatable
from carnet.customers.models import Customer
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.organisations.models import Member
from carnet.organisations.owners import checked_owner, house_is_offered


@repeatable
def give_customer(access: Access, customer: Customer, owner: Member | None, *, version: int | None = None) -> Customer:
    """Let `owner` own the customer, None for the house; whoever sees it by its owner sees it from the next click.

    Raises StaleVersion when `version` is no longer the customer's, Invalid for an owner whom the actor does not reach.
    """
    access.require("customers.edit")
    owner = checked_owner(access, owner, house=house_is_offered(access))
    customer = locked(access.visible(Customer.objects.all()), pk=customer.pk)
    if version is not None and version != customer.version:
        raise StaleVersion
    if customer.owner != owner:
        names = [one.name if one else None for one in (customer.owner, owner)]
        customer.owner = owner
        customer.version += 1
        customer.save(update_fields=["owner", "version"])
        record(access, "customer.owner_changed", customer, changes={"owned_by": names})
    return customer
