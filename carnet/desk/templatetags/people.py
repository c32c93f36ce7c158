"""Customers as they are called and reached: by name, else by number; by phone, else by e-mail."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from carnet.customers.models import Contact, Customer

register = template.Library()


def _contacts(customer: Customer) -> list[str]:
    """Return phones before e-mails, each in the order in which they were given."""
    contacts = list(customer.contacts.all())
    return [one.value for one in sorted(contacts, key=lambda one: (one.kind != Contact.Kind.PHONE, one.position))]


@register.filter
def called(customer: Customer) -> str:
    """Return the customer's name, else the number or address that stands for it."""
    return customer.name or next(iter(_contacts(customer)), _("No name"))


@register.filter
def reached(customer: Customer) -> str:
    """Return the first contact that `called` has not said yet, "" without one."""
    contacts = _contacts(customer)
    return next(iter(contacts if customer.name else contacts[1:]), "")
