"""How far a demo business's book is written."""

from __future__ import annotations

from django.db import models

from carnet.base.constraints import tenant_constraints
from carnet.base.scopes import Tenant


class WrittenDay(Tenant):
    """A local day of a demo business whose visits are booked."""

    class State(models.TextChoices):
        BOOKED = "booked"
        #: Past, and all its visits closed but two, which are for the visitor of the demo.
        LEFT = "left"
        ENDED = "ended"

    on = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.BOOKED)

    class Meta:
        ordering = ["on"]
        constraints = [
            *tenant_constraints("written_day"),
            models.UniqueConstraint(fields=["organisation", "on"], name="written_day_once"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.state}"
