"""The catalogue: what the business sells, when, by whom, where and for how much."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable, Customisable
from carnet.base.scopes import Tenant
from carnet.customisation.models import Layout
from carnet.organisations.models import Member
from carnet.resources.models import Resource

#: In minor units: what is higher was mistyped, and sums stay far below what the database can hold.
HIGHEST_PRICE = 10**11


class Category(Addressable, Tenant):
    """A heading of the price list."""

    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *tenant_constraints("category"),
            models.UniqueConstraint(fields=["organisation", "name"], name="category_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(Addressable, Tenant):
    """A word that services are filed under besides their category."""

    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            *tenant_constraints("tag"),
            models.UniqueConstraint(fields=["organisation", "name"], name="tag_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Tax(Addressable, Tenant):
    """A tax; `rate` in thousandths of a percent (20 % is 20000)."""

    name = models.CharField(max_length=40)
    rate = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *tenant_constraints("tax"),
            models.UniqueConstraint(fields=["organisation", "name"], name="tax_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.TextChoices):
    CUSTOMER = "customer"
    BUSINESS = "business"
    BOTH = "both"


class Service(Addressable, Customisable, Tenant):
    """What the catalogue sells."""

    name = models.CharField(max_length=120)
    owner = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    description = models.TextField(blank=True, default="", max_length=4000)
    hue = models.PositiveSmallIntegerField(default=0)
    shortest = models.PositiveSmallIntegerField()
    usual = models.PositiveSmallIntegerField()
    longest = models.PositiveSmallIntegerField()
    before = models.PositiveSmallIntegerField(default=0)
    after = models.PositiveSmallIntegerField(default=0)
    place = models.CharField(max_length=10, choices=Place.choices, default=Place.BUSINESS)
    #: As typed: with or without tax, as the organisation enters its prices; in the currency's minor unit.
    price = models.BigIntegerField()
    #: Whether `price` is that of an hour; else it is that of a visit of the usual length.
    hourly = models.BooleanField(default=False)
    taxes = models.ManyToManyField(Tax, through="ServiceTax", related_name="services")
    members = models.ManyToManyField(Member, through="ServiceMember", related_name="services")
    tags = models.ManyToManyField(Tag, through="ServiceTag", related_name="services")
    in_use = models.BooleanField(default=True)
    #: The limited period, both days included, in the organisation's zone.
    offered_from = models.DateField(null=True, blank=True)
    offered_until = models.DateField(null=True, blank=True)
    asks_job_sheet = models.BooleanField(default=False)
    #: What a sheet of it is drawn with; none is the standard one.
    job_sheet_layout = models.ForeignKey(Layout, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["category__position", "name", "id"]
        constraints = [
            *tenant_constraints("service", "owner", "category", "job_sheet_layout"),
            models.CheckConstraint(
                name="service_durations",
                condition=Q(shortest__gte=5, usual__gte=F("shortest"), longest__gte=F("usual"), longest__lte=1440),
            ),
            models.CheckConstraint(name="service_price", condition=Q(price__gte=0, price__lte=HIGHEST_PRICE)),
            models.CheckConstraint(name="service_buffers", condition=Q(before__lte=720, after__lte=720)),
            models.CheckConstraint(
                name="service_period",
                condition=Q(offered_from__isnull=True)
                | Q(offered_until__isnull=True)
                | Q(offered_until__gte=F("offered_from")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_range(self) -> bool:
        return self.shortest != self.longest


class ServiceMember(Tenant):
    """A member who provides a service or attends it."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_members")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="service_members")
    #: What the service costs with this member, in place of its own price.
    price = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            *tenant_constraints("service_member", "service", "member"),
            models.UniqueConstraint(fields=["service", "member"], name="service_member_once"),
            models.CheckConstraint(
                name="service_member_price", condition=Q(price__isnull=True) | Q(price__gte=0, price__lte=HIGHEST_PRICE)
            ),
        ]


class LengthPrice(Tenant):
    """What a visit of at least `minutes` costs, in place of the service's price."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="length_prices")
    minutes = models.PositiveSmallIntegerField()
    price = models.BigIntegerField()

    class Meta:
        ordering = ["minutes"]
        constraints = [
            *tenant_constraints("length_price", "service"),
            models.UniqueConstraint(fields=["service", "minutes"], name="length_price_once"),
            models.CheckConstraint(name="length_price_price", condition=Q(price__gte=0, price__lte=HIGHEST_PRICE)),
        ]


class AddOn(Addressable, Tenant):
    """What can be had with a service: it lengthens the visit and adds to the price."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="add_ons")
    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField(default=0)
    price = models.BigIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *tenant_constraints("add_on", "service"),
            models.UniqueConstraint(fields=["service", "name"], name="add_on_name_once"),
            models.CheckConstraint(name="add_on_minutes", condition=Q(minutes__lte=720)),
            models.CheckConstraint(name="add_on_price", condition=Q(price__gte=0, price__lte=HIGHEST_PRICE)),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceTag(Tenant):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="service_tags")

    class Meta:
        constraints = [
            *tenant_constraints("service_tag", "service", "tag"),
            models.UniqueConstraint(fields=["service", "tag"], name="service_tag_once"),
        ]


class Picture(Addressable, Tenant):
    """The image of a service, drawn anew from what was sent; its public id changes with every new image.

    It lies in the database, so that it commits, is backed up and is thrown away with its service.
    """

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="picture")
    #: WebP: 96, 480 and 1280 pixels on the longer side.
    small = models.BinaryField()
    medium = models.BinaryField()
    large = models.BinaryField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        constraints = [*tenant_constraints("picture", "service")]

    def __str__(self) -> str:
        return str(self.public_id)


class ServiceTax(Tenant):
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_taxes")
    tax = models.ForeignKey(Tax, on_delete=models.PROTECT, related_name="service_taxes")

    class Meta:
        constraints = [
            *tenant_constraints("service_tax", "service", "tax"),
            models.UniqueConstraint(fields=["service", "tax"], name="service_tax_once"),
        ]


class ServiceResource(Tenant):
    """A room or a piece of equipment that a service needs besides its member."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="service_resources")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="service_resources")

    class Meta:
        constraints = [
            *tenant_constraints("service_resource", "service", "resource"),
            models.UniqueConstraint(fields=["service", "resource"], name="service_resource_once"),
        ]


class ServiceHours(Tenant):
    """A window in which a service is offered: on a weekday or, when `on` is given, on that date."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    on = models.DateField(null=True, blank=True)
    opens = models.PositiveSmallIntegerField()
    closes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["on", "weekday", "opens"]
        constraints = [
            *tenant_constraints("service_hours", "service"),
            models.CheckConstraint(
                name="service_hours_day",
                condition=Q(weekday__lte=6, on__isnull=True) | Q(weekday__isnull=True, on__isnull=False),
            ),
            models.CheckConstraint(
                name="service_hours_last",
                condition=Q(opens__lt=1440, closes__gt=F("opens"), closes__lte=F("opens") + 1440),
            ),
        ]


class Outage(Addressable, Tenant):
    """A period in which a service cannot be booked."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="outages")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            *tenant_constraints("outage", "service"),
            models.CheckConstraint(name="outage_lasts", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return self.reason
