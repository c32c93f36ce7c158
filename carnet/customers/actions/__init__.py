"""Changing customers."""

from carnet.customers.actions.create import NewAddress, NewCustomer, create_customer
from carnet.customers.actions.edit import (
    add_address,
    add_membership,
    add_note,
    edit_customer,
    pin_service,
    unpin_service,
)

__all__ = [
    "NewAddress",
    "NewCustomer",
    "add_address",
    "add_membership",
    "add_note",
    "create_customer",
    "edit_customer",
    "pin_service",
    "unpin_service",
]
