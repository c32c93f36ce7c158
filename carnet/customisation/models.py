"""Modules, and the layouts by which an organisation shapes its records."""

from __future__ import annotations

from django.db import models

from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable
from carnet.base.scopes import Tenant
from carnet.organisations.models import Member


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
        IMAGE = "image"
        FILE = "file"
        SIGNATURE = "signature"
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
    #: Part of the type: kept numbers mean nothing without them.
    decimals = models.PositiveSmallIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True, default="")
    #: The highest id that a choice or column of it ever had: none is given twice.
    highest = models.PositiveIntegerField(default=0)

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
    #: What it is called in addresses and by programs; it never changes.
    name = models.CharField(max_length=80)
    #: What people call it; empty where the product has a word for it.
    label = models.CharField(max_length=80, blank=True, default="")
    #: Taken away: no longer to be chosen, and kept for what was filled in with it.
    archived = models.BooleanField(default=False)

    class Meta:
        constraints = [
            *tenant_constraints("layout"),
            models.UniqueConstraint(fields=["organisation", "module", "name"], name="layout_name_once"),
        ]

    def __str__(self) -> str:
        return self.label or self.name


class LayoutVersion(Tenant):
    """A saved layout: an immutable document with a number, to which the records filled in with it point."""

    layout = models.ForeignKey(Layout, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    #: {"sections": [{"label": {"fr", "en"}, "columns": 1 | 2, "fields": [
    #:     {"id", "type", "label": {…}, "help": {…}, "required", "choices": [{"id", "label": {…}}]}]}], "removed": […]}
    document = models.JSONField()
    saved_at = models.DateTimeField()
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["layout", "-number"]
        constraints = [
            *tenant_constraints("layout_version", "layout", "member"),
            models.UniqueConstraint(fields=["layout", "number"], name="layout_version_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.layout_id}.{self.number}"


class FieldValue(Tenant):
    """A copy of a custom value to find, sort and compare by; the truth is the record's `custom`."""

    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: The record's id; of which kind it is, the field's module says.
    record = models.BigIntegerField()
    text = models.CharField(max_length=254, null=True, blank=True)
    number = models.BigIntegerField(null=True, blank=True)
    instant = models.DateTimeField(null=True, blank=True)
    ref = models.BigIntegerField(null=True, blank=True)
    #: What no other record may hold in this field; None where that is allowed.
    unique_key = models.CharField(max_length=254, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["field", "record"], name="field_value_of_record"),
            *(
                models.Index(
                    fields=["field", column, "record"],
                    condition=models.Q(**{f"{column}__isnull": False}),
                    name=f"field_value_by_{column}",
                )
                for column in ("text", "number", "instant", "ref")
            ),
        ]
        constraints = [
            *tenant_constraints("field_value", "field"),
            models.UniqueConstraint(
                fields=["field", "unique_key"],
                condition=models.Q(unique_key__isnull=False),
                name="field_value_unique",
            ),
        ]


class StoredFile(Addressable, Tenant):
    """What somebody sent for a field: a file as it was, an image drawn anew, a signature.

    It lies in the database, so that it commits, is backed up and is thrown away with its record. One that no record
    came to hold is swept after a day; of one that a record let go of, its name stays for the history.
    """

    field = models.ForeignKey(Field, on_delete=models.CASCADE, related_name="+", db_index=False)
    #: The record that holds it, or did; None until one does. Of which kind it is, the field's module says.
    record = models.BigIntegerField(null=True, blank=True)
    #: Of a file as it was called; of a signature who signed, "" where nobody said.
    name = models.CharField(max_length=120, blank=True)
    content_type = models.CharField(max_length=100)
    #: In bytes, as it was kept.
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField()
    #: Of an image: a small drawing of it.
    small = models.BinaryField(null=True, blank=True)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    #: When its record let go of it; None while it is held, and until it is.
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["field", "record"], name="stored_file_of_record"),
            models.Index(
                fields=["organisation", "sent_at"],
                condition=models.Q(record__isnull=True) | models.Q(released_at__isnull=False),
                name="stored_file_held_by_nobody",
            ),
        ]
        constraints = [*tenant_constraints("stored_file", "field", "member")]

    def __str__(self) -> str:
        return self.name or str(self.public_id)


class Conversion(Tenant):
    """The values of a field on their way into a new field of another type: where it stands, and what came of it."""

    #: The version that brought the new field and took the old one away; both are told there, as they were then.
    version = models.ForeignKey(LayoutVersion, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey(Field, on_delete=models.PROTECT, related_name="+")
    #: In which words and number signs values are written out and read.
    language = models.CharField(max_length=8)
    of_records = models.PositiveIntegerField(default=0)
    looked_at = models.PositiveIntegerField(default=0)
    copied = models.PositiveIntegerField(default=0)
    #: The record that was looked at last.
    after = models.BigIntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        constraints = [*tenant_constraints("conversion", "version", "source", "target", "member")]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
