"""The fields of a customer, and the customer as somebody sees it from whom some are hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from carnet.customers.models import Address, Contact, Customer
from carnet.customisation.fields import own_fields
from carnet.organisations.access import Access
from carnet.organisations.fields import HIDDEN, Module, RecordField, declare_fields, is_added

CUSTOMERS: Final = "customers"

declare_fields(
    Module(
        CUSTOMERS,
        _("Customers"),
        "customer",
        (
            RecordField("name", _("Name"), may_hide=False),
            # What was written down before phone and e-mail were told apart names both.
            RecordField("phone", _("Phone"), history=("contacts",)),
            RecordField("email", _("E-mail address"), history=("contacts",)),
            RecordField("address", _("Address")),
            RecordField("access_note", _("How to get in")),
            RecordField("notes", _("Notes"), history=("note",)),
            RecordField("memberships", _("Memberships"), history=("plan",)),
            RecordField("language", _("Language")),
            RecordField("zone", _("Time zone")),
        ),
        own_fields(CUSTOMERS),
    )
)

#: What the lookup searches besides the name.
SEARCHED: Final = ("phone", "email", "address")


def searches_everything(access: Access) -> bool:
    """Return whether nothing of what the lookup searches is hidden: who cannot see a number finds nobody by it."""
    return all(access.may_read_field(CUSTOMERS, one) for one in SEARCHED) and not any(
        module == CUSTOMERS and is_added(key) and right == HIDDEN
        for (module, key), right in access.field_rights.items()
    )


def shown(access: Access, customer: Customer) -> Customer:
    """Return the customer to be drawn: what the reader may not see is taken out of it, so that no page can tell it.

    Only for reading: actions read again what they change. Costs nothing where nothing is hidden.
    """
    if not access.field_rights:
        return customer
    reads = {key: access.may_read_field(CUSTOMERS, key) for key in (*SEARCHED, "access_note", "notes", "memberships")}
    kinds = {Contact.Kind.PHONE: reads["phone"], Contact.Kind.EMAIL: reads["email"]}
    _keep(customer, "contacts", lambda contact: kinds[Contact.Kind(contact.kind)])
    _keep(customer, "addresses", lambda address: reads["address"])
    _keep(customer, "notes", lambda note: reads["notes"])
    _keep(customer, "memberships", lambda membership: reads["memberships"])
    customer.custom = {key: value for key, value in customer.custom.items() if access.may_read_field(CUSTOMERS, key)}
    if not reads["access_note"]:
        for address in customer.addresses.all():
            address.access_note = ""
    return customer


def all_shown(access: Access, customers: Iterable[Customer]) -> list[Customer]:
    return [shown(access, customer) for customer in customers]


def address_shown(access: Access, address: Address | None) -> Address | None:
    """Return an address as far as the reader may see it, None if not at all."""
    if address is None or not access.may_read_field(CUSTOMERS, "address"):
        return None
    if not access.may_read_field(CUSTOMERS, "access_note"):
        address.access_note = ""
    return address


def _keep(customer: Customer, related: str, told: Callable[[Any], bool]) -> None:
    """Let `customer.<related>.all()` be those records only that are told."""
    found = getattr(customer, related).all()
    kept: list[Model] = [one for one in found if told(one)]
    known = found._chain()
    known._result_cache, known._prefetch_done = kept, True
    customer.__dict__.setdefault("_prefetched_objects_cache", {})[related] = known
