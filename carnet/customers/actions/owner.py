"""Giving a customer to somebody else."""

from __future__ import annotations

from carnet.base.unit_of_work import repeatable
from carnet.customers.models import Customer
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.organisations.owners import give, house_is_offered


@repeatable
def give_customer(access: Access, customer: Customer, owner: Member | None, *, version: int | None = None) -> Customer:
    """Let `owner` own the customer, None for the house; whoever sees it by its owner sees it from the next click.

    Raises StaleVersion when `version` is no longer the customer's, Invalid for an owner whom the actor does not reach.
    """
    access.require("customers.edit")
    rows, kind = Customer.objects.all(), "customer.owner_changed"
    return give(access, rows, customer.pk, owner, house=house_is_offered(access), kind=kind, version=version)
