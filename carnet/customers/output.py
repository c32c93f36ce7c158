"""What leaves the house of a customer, field by field."""

from __future__ import annotations

from typing import Any, Final

from carnet.customers.fields import CUSTOMERS, shown
from carnet.customers.models import Address, Contact, Customer
from carnet.customisation.queries import custom_output
from carnet.organisations.access import Access
from carnet.organisations.fields import without_hidden

#: What leaves the house, and comes in, under a name -> the field that it tells.
NAMES: Final = {
    "name": "name",
    "phones": "phone",
    "emails": "email",
    "language": "language",
    "zone": "zone",
    "addresses": "address",
}


def address_output(address: Address) -> dict[str, Any]:
    return {
        "id": address.public_id,
        "label": address.label,
        "street": address.street,
        "postcode": address.postcode,
        "city": address.city,
        "country": address.country,
        "access_note": address.access_note,
    }


def customer_output(access: Access, customer: Customer) -> dict[str, Any]:
    """Return a customer as `access` may see it; reads prefetched contacts and addresses."""
    customer = shown(access, customer)
    contacts = list(customer.contacts.all())
    told = {
        "id": customer.public_id,
        "version": customer.version,
        "name": customer.name,
        "phones": [contact.value for contact in contacts if contact.kind == Contact.Kind.PHONE],
        "emails": [contact.value for contact in contacts if contact.kind == Contact.Kind.EMAIL],
        "language": customer.language,
        "zone": customer.zone,
        "custom": custom_output(access, "customers", customer.custom),
        "addresses": [_address(access, address) for address in customer.addresses.all()],
    }
    return without_hidden(access, CUSTOMERS, told, NAMES)


def _address(access: Access, address: Address) -> dict[str, Any]:
    return without_hidden(access, CUSTOMERS, address_output(address), {"access_note": "access_note"})
