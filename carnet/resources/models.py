"""What can be held, and when it is there: hours, time off, closures."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable
from carnet.base.scopes import Tenant
from carnet.organisations.models import Member


class Resource(Addressable, Tenant):
    """What can be held: a member's time, a room, a piece of equipment of which there are `lanes` identical ones."""

    class Kind(models.TextChoices):
        MEMBER = "member"
        ROOM = "room"
        EQUIPMENT = "equipment"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    member = models.OneToOneField(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="resource")
    name = models.CharField(max_length=120)
    active = models.BooleanField(default=True)
    lanes = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            *tenant_constraints("resource", "member"),
            models.CheckConstraint(
                name="resource_member_one_lane", condition=Q(member__isnull=True) | Q(lanes=1, kind="member")
            ),
            models.CheckConstraint(name="resource_lanes", condition=Q(lanes__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Hours(Tenant):
    """One weekly window in local wall minutes since midnight; of the business when it has no resource."""

    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.PositiveSmallIntegerField()
    #: May lie past 1440: the window then ends on the next day.
    closes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            *tenant_constraints("hours", "resource"),
            models.CheckConstraint(name="hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="hours_last", condition=Q(opens__lt=1440, closes__gt=F("opens"), closes__lte=F("opens") + 1440)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}–{self.closes}"


class TimeOff(Addressable, Tenant):
    """A period in which a resource is not there."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="time_off")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=120, blank=True, default="")

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            *tenant_constraints("time_off", "resource"),
            models.CheckConstraint(name="time_off_lasts", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return self.reason


class Closure(Tenant):
    """A local day on which the business is closed; holidays of its country are kept here too."""

    on = models.DateField()
    name = models.CharField(max_length=120)
    holiday = models.BooleanField(default=False)

    class Meta:
        ordering = ["on"]
        constraints = [
            *tenant_constraints("closure"),
            models.UniqueConstraint(fields=["organisation", "on"], name="closure_once_a_day"),
        ]

    def __str__(self) -> str:
        return self.name
