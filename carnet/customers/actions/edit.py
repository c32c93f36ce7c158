"""Editing a customer: contacts, addresses, notes, memberships, pinned services."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, StaleVersion
from carnet.base.locking import locked
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.models import Service
from carnet.customers.actions.create import (
    NewAddress,
    NewCustomer,
    checked,
    checked_address,
    in_order,
    save_address,
    write_lookup,
)
from carnet.customers.fields import CUSTOMERS
from carnet.customers.lookup import clean, normal_phone
from carnet.customers.models import Address, Contact, Customer, Membership, Note, PinnedService
from carnet.customisation.actions.keeping import changed_values, copy_values, judged
from carnet.customisation.built_in import require_filled
from carnet.organisations.access import Access
from carnet.organisations.activity import record


def edit_customer(access: Access, customer: Customer, new: NewCustomer, *, version: int | None = None) -> Customer:
    """Replace name, phones, e-mails and custom values, those of them that were typed; raises Invalid.

    Raises StaleVersion when `version` is no longer the customer's, FieldRefused for what may not be edited.
    """
    access.require("customers.edit")
    with unit_of_work():
        customer = locked(access.visible(Customer.objects.all()), pk=customer.pk)
        if version is not None and version != customer.version:
            raise StaleVersion
        known = {kind: [one.value for one in customer.contacts.all() if one.kind == kind] for kind in Contact.Kind}
        new = checked(new, called=bool(known[Contact.Kind.PHONE]))
        phones = known[Contact.Kind.PHONE] if new.phones is None else list(new.phones)
        emails = known[Contact.Kind.EMAIL] if new.emails is None else list(new.emails)
        before = {
            "name": customer.name,
            "phone": sorted(known[Contact.Kind.PHONE]),
            "email": sorted(known[Contact.Kind.EMAIL]),
        }
        after = {"name": new.name, "phone": sorted(phones), "email": sorted(emails)}
        changes = {key: [before[key], after[key]] for key in before if before[key] != after[key]}
        access.require_fields(CUSTOMERS, changes)
        require_filled(access, CUSTOMERS, {"email": bool(emails)}, {"email": bool(before["email"])})
        customer.name, customer.sorted_as = new.name, in_order(new.name)
        custom_before = customer.custom
        customer.custom = judged(access, "customers", new.custom, custom_before)
        customer.version += 1
        customer.save(update_fields=["name", "sorted_as", "custom", "version"])
        copy_values(access, "customers", customer.pk, custom_before, customer.custom)
        customer.contacts.all().delete()
        country = access.organisation.country
        rows = [(Contact.Kind.PHONE, value, normal_phone(value, country)) for value in phones]
        rows += [(Contact.Kind.EMAIL, value, value.lower()) for value in emails]
        Contact.objects.bulk_create(
            Contact(
                organisation=access.organisation,
                customer=customer,
                kind=kind,
                value=value,
                normal=normal,
                position=position,
            )
            for position, (kind, value, normal) in enumerate(rows)
        )
        write_lookup(access, customer)
        changes |= changed_values(custom_before, customer.custom)
        record(access, "customer.edited", customer, changes=changes)
    return customer


def add_address(access: Access, customer: Customer, new: NewAddress) -> Address:
    """Give the customer one more address; raises Invalid."""
    access.require("customers.edit")
    access.require_fields(CUSTOMERS, ["address", *(["access_note"] if new.access_note else [])])
    new = checked_address(new)
    with unit_of_work():
        customer = locked(access.visible(Customer.objects.all()), pk=customer.pk)
        address = save_address(access, customer, new, position=customer.addresses.count())
        write_lookup(access, customer)
        record(access, "customer.address_added", customer, changes={"address": [None, str(address)]})
    return address


def add_note(access: Access, customer: Customer, text: str, *, pinned: bool = False) -> Note:
    """Write a note; pinned ones stand on top of the customer's screen."""
    access.require("customers.edit")
    access.require_fields(CUSTOMERS, ["notes"])
    text = clean(text)
    if not text:
        raise Invalid(text=_("Type the note."))
    if len(text) > 2000:
        raise Invalid(text=_("This is longer than %(limit)d characters.") % {"limit": 2000})
    with unit_of_work():
        note = Note.objects.create(
            organisation=access.organisation,
            customer=customer,
            member=access.member,
            text=text,
            pinned=pinned,
            at=access.now,
        )
        record(access, "customer.note_added", customer)
    return note


def add_membership(
    access: Access,
    customer: Customer,
    plan: str,
    *,
    number: str = "",
    valid_from: date | None = None,
    valid_until: date | None = None,
    uses_left: int | None = None,
) -> Membership:
    """Give the customer a plan."""
    access.require("customers.edit")
    access.require_fields(CUSTOMERS, ["memberships"])
    if not clean(plan):
        raise Invalid(plan=_("Type the name of the plan."))
    if valid_from and valid_until and valid_until < valid_from:
        raise Invalid(valid_until=_("The last day lies before the first."))
    with unit_of_work():
        membership = Membership.objects.create(
            organisation=access.organisation,
            customer=customer,
            plan=clean(plan),
            number=clean(number),
            valid_from=valid_from,
            valid_until=valid_until,
            uses_left=uses_left,
        )
        record(access, "customer.membership_added", customer, changes={"plan": [None, membership.plan]})
    return membership


def pin_service(access: Access, customer: Customer, service: Service) -> None:
    """Pin a service among those the customer chooses; pinning twice changes nothing."""
    access.require("catalogue.see")
    access.require("customers.edit")
    with unit_of_work():
        _row, new = PinnedService.objects.get_or_create(
            customer=customer, service=service, defaults={"organisation": access.organisation}
        )
        if new:
            record(access, "customer.service_pinned", customer, changes={"service": [None, service.name]})


def unpin_service(access: Access, customer: Customer, service: Service) -> None:
    """Take a pinned service away."""
    access.require("catalogue.see")
    access.require("customers.edit")
    with unit_of_work():
        count, _by_model = PinnedService.objects.filter(customer=customer, service=service).delete()
        if count:
            record(access, "customer.service_unpinned", customer, changes={"service": [service.name, None]})
