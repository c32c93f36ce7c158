"""Modules, and the layouts by which an organisation shapes its records."""

from __future__ import annotations

from django.db import models

from carnet.base.constraints import tenant_constraints
from carnet.base.scopes import Tenant


class Module(Tenant):
    """A part of the product that an administrator switches on."""

    class Key(models.TextChoices):
        SERVICES = "services"
        JOB_SHEETS = "job_sheets"

    key = models.CharField(max_length=32, choices=Key.choices)
    on = models.BooleanField(default=False)
    switched_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            *tenant_constraints("module"),
            models.UniqueConstraint(fields=["organisation", "key"], name="module_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Field(Tenant):
    """A field of a module; its id is the key of its values, so its type never changes."""

    class Type(models.TextChoices):
        TEXT = "text"
        PARAGRAPH = "paragraph"
        NUMBER = "number"
        DATE = "date"
        MOMENT = "moment"
        CHECKBOX = "checkbox"
        CHOICE = "choice"
        CHOICES = "choices"
        MONEY = "money"
        PERCENT = "percent"
        PHONE = "phone"
        EMAIL = "email"
        URL = "url"
        CUSTOMER = "customer"
        SERVICE = "service"
        MEMBER = "member"
        CHECKLIST = "checklist"
        LINES = "lines"
        TOTAL = "total"

    module = models.CharField(max_length=32)
    #: Set on fields that the product brings; empty on those an organisation added.
    key = models.CharField(max_length=40, blank=True, default="")
    type = models.CharField(max_length=16, choices=Type.choices)

    class Meta:
        constraints = [
            *tenant_constraints("field"),
            models.UniqueConstraint(
                fields=["organisation", "module", "key"], condition=~models.Q(key=""), name="field_key_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key or f"f{self.pk}"


class Layout(Tenant):
    """How the records of a module are shown and filled in; what it says stands in its versions."""

    module = models.CharField(max_length=32)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            *tenant_constraints("layout"),
            models.UniqueConstraint(fields=["organisation", "module", "name"], name="layout_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class LayoutVersion(Tenant):
    """A saved layout: an immutable document with a number, to which the records filled in with it point."""

    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    #: {"sections": [{"label": {"fr", "en"}, "fields": [
    #:     {"id", "type", "label": {…}, "help": {…}, "required", "choices": [{"id", "label": {…}}]}]}]}
    document = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["layout", "-number"]
        constraints = [
            *tenant_constraints("layout_version", "layout"),
            models.UniqueConstraint(fields=["layout", "number"], name="layout_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.layout_id}.{self.number}"
