"""A business, its chairs, and who holds them when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from carnet.base.constraints import NoOverlap, tenant_constraints


class Business(models.Model):
    name = models.CharField(max_length=50)

    def __str__(self) -> str:
        return self.name


class Chair(models.Model):
    organisation = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=50)

    class Meta:
        constraints = [
            *tenant_constraints("small_chair"),
            models.UniqueConstraint(fields=["organisation", "name"], name="small_chair_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Hold(models.Model):
    """A chair held for a while; `instead_of` is the hold it replaces, if any."""

    organisation = models.ForeignKey(Business, on_delete=models.CASCADE, related_name="+")
    chair = models.ForeignKey(Chair, on_delete=models.CASCADE, related_name="holds")
    instead_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    lane = models.PositiveSmallIntegerField(default=0)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            *tenant_constraints("small_hold", "chair", "instead_of"),
            models.CheckConstraint(name="small_hold_lasts", condition=Q(ends_at__gt=F("starts_at"))),
            NoOverlap(name="small_hold_no_overlap", same=["chair", "lane"], condition="active"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at} {self.ends_at}"
