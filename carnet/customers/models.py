"""Customers: who is served, where they live, what they may have."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable, Customisable
from carnet.base.scopes import Tenant
from carnet.catalogue.models import Service
from carnet.organisations.models import Member


class Customer(Addressable, Customisable, Tenant):
    """A person or household served; a name or a phone number is enough."""

    owner = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField()
    #: The name as lists are put in order by it: without accents and capitals, alike on both databases.
    sorted_as = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["organisation", "name"], name="customer_by_name"),
            models.Index(fields=["organisation", "sorted_as", "id"], name="customer_in_order"),
        ]
        constraints = [*tenant_constraints("customer", "owner")]

    def __str__(self) -> str:
        return self.name


class Contact(Tenant):
    """A phone number or an e-mail address, as typed and in the form that compares."""

    class Kind(models.TextChoices):
        PHONE = "phone"
        EMAIL = "email"

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)
    #: E.164 for phones that are valid, digits otherwise; lower case for e-mails.
    normal = models.CharField(max_length=254)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["kind", "position", "id"]
        indexes = [
            # One begins with the value, the other with the organisation and the customer: a database that has no
            # statistics yet would read all contacts of the organisation by "organisation, kind" for those of one.
            models.Index(fields=["normal", "kind", "organisation"], name="contact_by_value"),
            models.Index(fields=["organisation", "customer", "kind", "position"], name="contact_of_customer"),
        ]
        constraints = [*tenant_constraints("contact", "customer")]

    def __str__(self) -> str:
        return self.value


class Address(Addressable, Tenant):
    """One of a customer's addresses, with what one must know to get in."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="addresses")
    label = models.CharField(max_length=60, blank=True, default="")
    street = models.CharField(max_length=200)
    postcode = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    access_note = models.CharField(max_length=300, blank=True, default="")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["organisation", "customer", "position"], name="address_of_customer")]
        constraints = [*tenant_constraints("address", "customer")]

    def __str__(self) -> str:
        town = f"{self.postcode} {self.city}".strip()
        return ", ".join(part for part in (self.street, town) if part)


class Note(Addressable, Tenant):
    """What staff must know about a customer; pinned ones stand on top."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=2000)
    pinned = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pinned", "-at", "-id"]
        constraints = [*tenant_constraints("note", "customer", "member")]

    def __str__(self) -> str:
        return self.text


class Membership(Addressable, Tenant):
    """A customer's plan (« adhésion »); an expired one warns while booking and never blocks."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")
    plan = models.CharField(max_length=80)
    number = models.CharField(max_length=40, blank=True, default="")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    uses_left = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["-valid_until", "id"]
        constraints = [*tenant_constraints("membership", "customer")]

    def __str__(self) -> str:
        return self.plan


class PinnedService(Tenant):
    """A service pinned by hand among those a customer chooses."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="pinned_services")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            *tenant_constraints("pinned_service", "customer", "service"),
            models.UniqueConstraint(fields=["customer", "service"], name="pinned_service_once"),
        ]


class LookupText(Tenant):
    """What the lookup searches of a customer, folded: derived, narrow, rebuilt with each edit of the customer."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="lookup")
    text = models.TextField()

    class Meta:
        # The order in which it is read, so that reading ends with the last customer who is shown.
        indexes = [models.Index(fields=["organisation", "customer"], name="lookup_text_in_order")]
        constraints = [
            *tenant_constraints("lookup_text", "customer")[1:],
            models.CheckConstraint(name="lookup_text_said", condition=~Q(text="")),
        ]
