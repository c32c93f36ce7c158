"""Creating a customer: from the phone, with the booking, or beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.customers.errors import nothing_to_call_by
from carnet.customers.fields import CUSTOMERS
from carnet.customers.lookup import clean, digits, fold, normal_phone
from carnet.customers.models import Address, Contact, Customer, LookupText
from carnet.customers.queries import text_of
from carnet.customisation.actions.keeping import copy_values, judged
from carnet.customisation.built_in import require_filled
from carnet.organisations.access import Access
from carnet.organisations.activity import record


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address as typed."""

    street: str
    postcode: str = ""
    city: str = ""
    label: str = ""
    access_note: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer as typed; a name or a phone number is enough.

    Phones or e-mails that are None were not typed: an edit leaves them as they are.
    """

    name: str = ""
    phones: tuple[str, ...] | None = ()
    emails: tuple[str, ...] | None = ()
    addresses: tuple[NewAddress, ...] = ()
    language: str = ""
    public_id: UUID | None = None
    #: Values of the organisation's own fields by key ("f12"), as typed; None where they were not asked.
    custom: Mapping[str, Any] | None = None
    #: Where they live by, when it is not where the business is; "" for the business's own zone.
    zone: str = ""

    @property
    def typed(self) -> list[str]:
        """The fields that say something, besides the name."""
        said = {
            "phone": self.phones,
            "email": self.emails,
            "address": self.addresses,
            "access_note": any(address.access_note for address in self.addresses),
            "language": self.language,
            "zone": self.zone,
        }
        return [key for key, value in said.items() if value]


def checked(new: NewCustomer, *, called: bool = False) -> NewCustomer:
    """Return `new` cleaned; raise Invalid with the field that cannot be taken.

    `called`: there is a number already that stands for the name.
    """
    name = clean(new.name)
    phones = tuple(phone for phone in map(clean, new.phones or ()) if phone)
    emails = tuple(email for email in map(clean, new.emails or ()) if email)
    if not name and not phones and not (new.phones is None and called):
        raise nothing_to_call_by()
    if len(name) > 300:
        raise Invalid(name=_("This name is longer than 300 characters."))
    for phone in phones:
        if not 3 <= len(digits(phone)) <= 20 or len(phone) > 40:
            raise Invalid(phone=_("“%(phone)s” is not a phone number.") % {"phone": phone[:40]})
    for email in emails:
        try:
            validate_email(email)
        except ValidationError:
            raise Invalid(email=_("“%(email)s” is not an e-mail address.") % {"email": email[:80]}) from None
    if new.zone and new.zone not in available_timezones():
        raise Invalid(zone=_("“%(zone)s” is not a known time zone.") % {"zone": new.zone[:64]})
    addresses = tuple(checked_address(address) for address in new.addresses)
    return replace(
        new,
        name=name,
        phones=None if new.phones is None else phones,
        emails=None if new.emails is None else emails,
        addresses=addresses,
    )


def checked_address(new: NewAddress) -> NewAddress:
    """Return `new` cleaned; raise Invalid when it has no street or is too long."""
    address = NewAddress(
        street=clean(new.street),
        postcode=clean(new.postcode),
        city=clean(new.city),
        label=clean(new.label),
        access_note=clean(new.access_note),
        country=clean(new.country),
    )
    if not address.street:
        raise Invalid(street=_("Type the street and number of the address."))
    limits = {"street": 200, "postcode": 20, "city": 100, "label": 60, "access_note": 300, "country": 2}
    for name, limit in limits.items():
        if len(getattr(address, name)) > limit:
            raise Invalid(**{name: _("This is longer than %(limit)d characters.") % {"limit": limit}})
    return address


def create_customer(access: Access, new: NewCustomer) -> Customer:
    """Create a customer; raises Invalid, and FieldRefused for what may not be typed. Nobody is merged."""
    access.require("customers.create")
    access.require_fields(CUSTOMERS, new.typed)
    new = checked(new)
    require_filled(access, CUSTOMERS, {"email": bool(new.emails)})
    custom = judged(access, "customers", new.custom)
    with unit_of_work():
        customer = Customer(
            organisation=access.organisation,
            name=new.name,
            sorted_as=in_order(new.name),
            owner=None if access.reaches_everything else access.member,
            language=new.language or access.organisation.language,
            custom=custom,
            zone=new.zone,
            created_at=access.now,
        )
        if new.public_id is not None:
            customer.public_id = new.public_id
        customer.save(force_insert=True)
        copy_values(access, "customers", customer.pk, {}, custom)
        Contact.objects.bulk_create(
            [
                Contact(
                    organisation=access.organisation,
                    customer=customer,
                    kind=Contact.Kind.PHONE,
                    value=phone,
                    normal=normal_phone(phone, access.organisation.country),
                    position=position,
                )
                for position, phone in enumerate(new.phones or ())
            ]
            + [
                Contact(
                    organisation=access.organisation,
                    customer=customer,
                    kind=Contact.Kind.EMAIL,
                    value=email,
                    normal=email.lower(),
                    position=position,
                )
                for position, email in enumerate(new.emails or ())
            ]
        )
        for position, address in enumerate(new.addresses):
            save_address(access, customer, address, position)
        write_lookup(access, customer)
        record(access, "customer.created", customer)
    return customer


def in_order(name: str) -> str:
    """Return what a name is put in order by."""
    return fold(name)[:200]


def save_address(access: Access, customer: Customer, new: NewAddress, position: int) -> Address:
    return Address.objects.create(
        organisation=access.organisation,
        customer=customer,
        label=new.label,
        street=new.street,
        postcode=new.postcode,
        city=new.city,
        country=new.country or access.organisation.country,
        access_note=new.access_note,
        position=position,
    )


def write_lookup(access: Access, customer: Customer) -> None:
    """Rebuild what the lookup searches of `customer`; called with each change of what it holds."""
    # Read anew: what was at hand may be what somebody else is shown of it.
    text = text_of(access, Customer.objects.get(pk=customer.pk))
    LookupText.objects.update_or_create(customer=customer, defaults={"organisation": access.organisation, "text": text})
