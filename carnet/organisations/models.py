"""Organisations, the people in them, and what these may do."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from carnet.base.constraints import tenant_constraints
from carnet.base.records import Addressable
from carnet.base.scopes import Tenant
from carnet.organisations.account_models import EmailChange, SignIn, Tries

__all__ = [
    "Activity",
    "EmailChange",
    "IdempotencyKey",
    "Invitation",
    "Member",
    "Organisation",
    "Profile",
    "Role",
    "SignIn",
    "Token",
    "Tries",
    "User",
    "UserManager",
    "new_stamp",
]


def new_stamp() -> int:
    """Return a number that never stood for another timetable, not even one of a transaction that was rolled back."""
    return secrets.randbits(63)


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A sign-in, shared across organisations; what it may do lies in its memberships (`Member`)."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("E-mail address"), unique=True)
    language = models.CharField(max_length=8, blank=True, default="")
    theme = models.CharField(max_length=8, blank=True, default="", choices=[("light", "light"), ("dark", "dark")])
    #: The organisation that the first page opens; without one, that looked at last.
    default_organisation = models.ForeignKey(
        "Organisation", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[misc,assignment]

    def __str__(self) -> str:
        return self.email


class Organisation(Addressable):
    """One business and its data: the tenant."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    country = models.CharField(max_length=2)
    region = models.CharField(max_length=8, blank=True, default="")
    zone = models.CharField(max_length=64)
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=8, default="fr")
    languages = models.JSONField(default=list, blank=True)
    first_weekday = models.PositiveSmallIntegerField(default=0)
    prices_include_tax = models.BooleanField(default=True)
    grid = models.PositiveSmallIntegerField(default=15)
    street = models.CharField(max_length=200, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.EmailField(blank=True, default="")
    #: Changes with whatever the rules of booking read besides claims: see `carnet.resources.timetable`.
    timetable = models.BigIntegerField(default=new_stamp, editable=False)
    #: "customers/standard" -> the id of the newest version of that layout, if the organisation has saved one: whoever
    #: knows the organisation need not ask whether its records have fields of its own.
    layouts = models.JSONField(default=dict, blank=True, editable=False)
    created_at = models.DateTimeField()
    #: Since then everything here rests: see `carnet.organisations.actions.resting`.
    suspended_at = models.DateTimeField(null=True, blank=True)
    #: From then on everything here is removed, unless that is taken back before: see `actions.deletion`.
    deletion_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="organisation_weekday", condition=models.Q(first_weekday__lte=6)),
            models.CheckConstraint(name="organisation_grid", condition=models.Q(grid__gte=5, grid__lte=120)),
        ]

    def __str__(self) -> str:
        return self.name

    def is_gone(self, now: datetime) -> bool:
        """Return whether its grace has ended: it may still have rows, and exists for nobody."""
        return self.deletion_due_at is not None and self.deletion_due_at <= now

    @property
    def address(self) -> str:
        """The address on one line, as written on an envelope."""
        town = f"{self.postcode} {self.city}".strip()
        return ", ".join(part for part in (self.street, town) if part)


class Profile(Addressable, Tenant):
    """The set of operations that its members may perform."""

    class Reach(models.TextChoices):
        EVERYTHING = "everything"
        ROLE = "role"
        OWN = "own"

    key = models.CharField(max_length=32, blank=True, default="")
    name = models.CharField(max_length=80)
    administrator = models.BooleanField(default=False)
    permissions = models.JSONField(default=list)
    #: Whose records: everybody's, those the role reaches, or only one's own.
    reach = models.CharField(max_length=16, choices=Reach.choices, default=Reach.ROLE)
    #: Whoever holds it sees nothing here before a second step stands at their sign-in.
    second_step = models.BooleanField(default=False)

    class Meta:
        constraints = [
            *tenant_constraints("profile"),
            models.UniqueConstraint(fields=["organisation", "name"], name="profile_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FieldRight(Tenant):
    """What a profile may do with one field, where that is less than everything: no row means it may be edited."""

    class Right(models.TextChoices):
        EDITABLE = "editable"
        READ_ONLY = "read_only"
        HIDDEN = "hidden"

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="field_rights")
    #: "services", "customers", "appointments", "job_sheets": see `carnet.organisations.fields`.
    module = models.CharField(max_length=32)
    #: The word of a field that is built in, or "f<id>" for one that the organisation added.
    field = models.CharField(max_length=40)
    right = models.CharField(max_length=10, choices=Right.choices)

    class Meta:
        ordering = ["module", "field"]
        constraints = [
            *tenant_constraints("field_right", "profile"),
            models.UniqueConstraint(fields=["profile", "module", "field"], name="field_right_once"),
            models.CheckConstraint(
                name="field_right_takes_away", condition=models.Q(right__in=["read_only", "hidden"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module}.{self.field}: {self.right}"


class Role(Addressable, Tenant):
    """A place in the hierarchy that decides whose records are visible."""

    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    shares_with_peers = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            *tenant_constraints("role", "parent"),
            models.UniqueConstraint(fields=["organisation", "name"], name="role_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Member(Addressable, Tenant):
    """A person inside one organisation; may have no sign-in yet."""

    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    name = models.CharField(max_length=120)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="members")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="members")
    active = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    phone = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            *tenant_constraints("member", "profile", "role"),
            models.UniqueConstraint(fields=["organisation", "user"], name="member_once_per_organisation"),
        ]

    def __str__(self) -> str:
        return self.name


class Invitation(Addressable, Tenant):
    """The way for one person, at one address, to sign in as a member: once, for a week, unless it is revoked."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()
    #: Of the secret in the link, which is kept nowhere.
    hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            *tenant_constraints("invitation", "member", "invited_by"),
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_open_once_a_member",
            ),
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Token(Addressable, Tenant):
    """A key to the API; only its hash is kept, and it may never do more than its member."""

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=80, blank=True, default="")
    #: Permissions this token is narrowed to; empty means all of its member's.
    permissions = models.JSONField(default=list)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    #: From then on it opens nothing; None for a token that does not expire.
    expires_at = models.DateTimeField(null=True, blank=True)
    #: To the minute, and written once an hour at most: see `carnet.organisations.token_uses`.
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [*tenant_constraints("token", "member")]

    def __str__(self) -> str:
        return self.name or str(self.public_id)

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now

    @staticmethod
    def new_secret() -> str:
        return "carnet_" + secrets.token_urlsafe(32)

    @staticmethod
    def hash_of(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()


class Activity(Tenant):
    """Who did what, when, to which record: written with the change it tells of, never edited."""

    at = models.DateTimeField()
    kind = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=16)
    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=160)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.BigIntegerField()
    changes = models.JSONField(default=dict)
    #: By which door: "page", "api:" and the token's name, "public", "worker" …: see `carnet.organisations.doors`.
    door = models.CharField(max_length=100, blank=True, default="")
    #: The network address that the request came from, "" where there was none.
    address = models.CharField(max_length=45, blank=True, default="")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["organisation", "subject_kind", "subject_id"], name="activity_of_subject"),
            models.Index(fields=["organisation", "at", "id"], name="activity_by_time"),
        ]
        constraints = [*tenant_constraints("activity", "member", referred_to=False)]

    def __str__(self) -> str:
        return self.kind


class IdempotencyKey(Tenant):
    """What was answered to a request that carried this key, kept with its effect in one transaction."""

    principal = models.CharField(max_length=64)
    route = models.CharField(max_length=160)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    answer = models.JSONField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            *tenant_constraints("idempotency_key"),
            models.UniqueConstraint(fields=["organisation", "principal", "route", "key"], name="idempotency_key_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Export(Addressable, Tenant):
    """Everything an organisation holds, written into one file: asked for once, made in steps, kept for a week."""

    member = models.ForeignKey(Member, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: How far it is: rows written of all; where it goes on stands in `place`.
    rows = models.PositiveIntegerField(default=0)
    of_rows = models.PositiveIntegerField(default=0)
    #: {"table": number in the order, "after": id of the last row written, "size": bytes of its file so far}
    place = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [*tenant_constraints("export", "member")]

    def __str__(self) -> str:
        return str(self.public_id)
