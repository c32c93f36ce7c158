"""Appointments: promises to customers, the segments they are made of, and the claims that hold people's time."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from carnet.appointments.errors import AppointmentClosed
from carnet.appointments.sold import sold_as
from carnet.base.constraints import NoOverlap, tenant_constraints
from carnet.base.periods import LONGEST
from carnet.base.records import Addressable, Customisable
from carnet.base.scopes import Tenant
from carnet.catalogue.models import Service
from carnet.customers.models import Customer
from carnet.organisations.models import Member
from carnet.resources.models import Resource


class Status(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    SCHEDULED = "scheduled", _("Scheduled")
    IN_PROGRESS = "in_progress", _("In progress")
    COMPLETED = "completed", _("Completed")
    CANCELLED = "cancelled", _("Cancelled")
    NO_SHOW = "no_show", _("No-show")


OPEN = (Status.REQUESTED, Status.SCHEDULED, Status.IN_PROGRESS)
#: A visit under way is where it is.
MOVABLE = (Status.REQUESTED, Status.SCHEDULED)
FINAL = (Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW)


class Reason(models.TextChoices):
    CUSTOMER = "customer", _("By the customer")
    TEAM = "team", _("By the team")


class Appointment(Addressable, Customisable, Tenant):
    """A promise to a customer: one or more segments in a row, at one address, with what was sold frozen."""

    owner = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    # Here as below, `db_index=False` where another index begins with the column: each is written with every booking.
    #: None for a passer-by who gave no name.
    customer = models.ForeignKey(
        Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments", db_index=False
    )
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.SCHEDULED)
    #: First segment's start and last one's end, so that a day is one indexed range.
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    place = models.CharField(max_length=10)
    #: The address of the visit as sold.
    address = models.CharField(max_length=400, blank=True, default="")
    access_note = models.CharField(max_length=300, blank=True, default="")
    note = models.TextField(blank=True, default="", max_length=2000)
    currency = models.CharField(max_length=3)
    total = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()
    hold_expires_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], name="appointment_by_start"),
            models.Index(fields=["customer", "starts_at"], name="appointment_of_customer"),
        ]
        constraints = [
            *tenant_constraints("appointment", "owner", "customer"),
            models.CheckConstraint(name="appointment_lasts", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def closed(self, sentence: str = "") -> AppointmentClosed:
        """Return the error that refuses a change because of the state this appointment is in."""
        return AppointmentClosed(self.status, str(self.get_status_display()), sentence)


class Segment(Tenant):
    """One service inside an appointment: when, with whom, for how much, as sold."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="segments", db_index=False)
    position = models.PositiveSmallIntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="segments")
    service_name = models.CharField(max_length=120)
    # What was promised on the wall clock is the truth; the instants follow from it and are stored to be searched.
    local_date = models.DateField()
    local_time = models.TimeField()
    fold = models.PositiveSmallIntegerField(default=0)
    zone = models.CharField(max_length=64)
    minutes = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    before = models.PositiveSmallIntegerField(default=0)
    after = models.PositiveSmallIntegerField(default=0)
    net = models.BigIntegerField()
    #: [{"name", "rate", "amount"}], in the order of the catalogue.
    taxes = models.JSONField(default=list)
    total = models.BigIntegerField()
    #: [{"id", "name", "minutes", "price"}], as sold; `minutes` and the price above include them.
    add_ons = models.JSONField(default=list)
    host = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="guests", db_index=False
    )
    seat = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["appointment", "position"]
        constraints = [
            *tenant_constraints("segment", "appointment", "service", "host"),
            models.UniqueConstraint(fields=["appointment", "position"], name="segment_position_once"),
            models.UniqueConstraint(fields=["host", "seat"], condition=Q(host__isnull=False), name="segment_seat_once"),
            models.CheckConstraint(name="segment_lasts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(name="segment_adds_up", condition=Q(total__gte=0)),
        ]

    @property
    def add_on_names(self) -> list[str]:
        return [extra["name"] for extra in self.add_ons]

    @property
    def own_minutes(self) -> int:
        """The length without add-ons."""
        return self.minutes - sum(int(extra["minutes"]) for extra in self.add_ons)

    @property
    def sold_as(self) -> str:
        return sold_as(self.service_name, self.add_on_names)


class SegmentMember(Tenant):
    """A member who provides a segment or attends it."""

    class Part(models.TextChoices):
        PROVIDES = "provides"
        ATTENDS = "attends"

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="segment_members", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="segment_members")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.PROVIDES)

    class Meta:
        ordering = ["segment", "id"]
        constraints = [
            *tenant_constraints("segment_member", "segment", "member", referred_to=False),
            models.UniqueConstraint(fields=["segment", "member"], name="segment_member_once"),
        ]


class Claim(Tenant):
    """A resource held for a segment, buffers included."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="claims")
    # The guard's own index begins with it.
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="claims", db_index=False)
    lane = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["organisation", "starts_at", "ends_at", "resource"],
                condition=Q(active=True),
                name="claim_search",
            )
        ]
        constraints = [
            *tenant_constraints("claim", "segment", "resource", referred_to=False),
            models.CheckConstraint(name="claim_lasts", condition=Q(ends_at__gt=F("starts_at"))),
            # The guard and every search look back this far and no further.
            models.CheckConstraint(name="claim_short", condition=Q(ends_at__lte=F("starts_at") + LONGEST)),
            # Both databases enforce this one, each in its own way: see docs/development/double-booking.md.
            NoOverlap(name="claim_no_overlap", same=["resource", "lane"], condition="active"),
        ]


class Rearrangement(Addressable, Tenant):
    """What an applied change of the catalogue or of hours did to visits, and what it takes to undo it in one step."""

    #: "outage", "not_in_use", "deleted", "edited", "absence", "member_hours", "hours", "closures": which change it was.
    kind = models.CharField(max_length=20)
    #: What the changed thing was called then, and in ids and values what brings it back as it was.
    title = models.CharField(max_length=200)
    change = models.JSONField(default=dict)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [*tenant_constraints("rearrangement", "member")]

    def __str__(self) -> str:
        return self.title


class Move(Tenant):
    """One reschedule: from, to, when, who, why."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="moves")
    from_starts_at = models.DateTimeField()
    to_starts_at = models.DateTimeField()
    from_members = models.JSONField(default=list)
    to_members = models.JSONField(default=list)
    #: The providers of all segments in order, by id, before and after: what it takes to move the visit back.
    from_providers = models.JSONField(default=list)
    to_providers = models.JSONField(default=list)
    rearrangement = models.ForeignKey(
        Rearrangement, null=True, blank=True, on_delete=models.PROTECT, related_name="moves"
    )
    reason = models.CharField(max_length=10, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True, default="")
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [*tenant_constraints("move", "appointment", "member", "rearrangement")]


class Ending(Tenant):
    """How an appointment came to a final state, and what it takes to undo that."""

    appointment = models.ForeignKey(Appointment, on_delete=models.CASCADE, related_name="endings")
    status = models.CharField(max_length=12, choices=Status.choices)
    before = models.CharField(max_length=12, choices=Status.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True, default="")
    note = models.CharField(max_length=500, blank=True, default="")
    #: What the visit held in its own fields, where the ending asked for more: an undo gives it back.
    custom_before = models.JSONField(null=True, blank=True)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [*tenant_constraints("ending", "appointment", "member")]
