"""The address that letters to a customer go to."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from carnet.base.prepared import Prepared
from carnet.customers.models import Contact, Customer


def _emails(customer: Any) -> QuerySet[Contact]:
    return Contact.objects.filter(customer=customer, kind=Contact.Kind.EMAIL).order_by("position", "pk")[:1]


_asked_alone = Prepared(_emails, mark=-1)


def with_email(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Return the query that brings along what `email_of` tells."""
    return customers.annotate(first_email=Subquery(_emails(OuterRef("pk")).values("value")))


def email_of(customer: Customer) -> str:
    """Return the customer's first e-mail address, "" without one; asks the database unless `with_email` has."""
    if "first_email" in vars(customer):
        brought: str | None = vars(customer)["first_email"]
        return brought or ""
    contact = _asked_alone.values(customer.pk)
    return contact["value"] if contact else ""
