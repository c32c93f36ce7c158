"""Changes of who is there when that may hit visits: absences and hours of a member, days on which all is closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.db.models import Q

from carnet.appointments.impact.rules import Rules
from carnet.base.errors import StaleVersion
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.actions import add_closures, add_time_off, set_resource_hours
from carnet.resources.actions.absence import checked_absence
from carnet.resources.actions.closures import checked_closures
from carnet.resources.actions.hours import checked_windows
from carnet.resources.models import Resource
from carnet.resources.queries import hours_of, stamp_of
from carnet.scheduling.spans import Span


class _OfMember:
    """A change of one member's time, which can hit her visits only."""

    service: ClassVar[None] = None
    resource: Resource

    @property
    def member(self) -> Member:
        assert self.resource.member is not None
        return self.resource.member

    @property
    def title(self) -> str:
        return self.member.name

    def visits(self) -> Q:
        return Q(segments__segment_members__member=self.member)

    def resources(self) -> Q:
        return Q(pk=self.resource.pk)


@dataclass(frozen=True)
class AbsenceAdded(_OfMember):
    """A member will not be there for a while."""

    kind: ClassVar[str] = "absence"
    resource: Resource
    starts_at: datetime
    ends_at: datetime
    reason: str = ""

    def check(self, access: Access) -> None:
        access.require("resources.edit")
        checked_absence(access, self.starts_at, self.ends_at, self.reason)

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_absence(self.resource.pk, Span(self.starts_at, self.ends_at))

    def apply(self, access: Access) -> object:
        return add_time_off(access, self.resource, self.starts_at, self.ends_at, reason=self.reason)


@dataclass(frozen=True)
class MemberHoursSet(_OfMember):
    """A member works at other hours; without any, whenever the business is open."""

    kind: ClassVar[str] = "member_hours"
    resource: Resource
    windows: Mapping[int, Sequence[tuple[int, int]]]
    #: The stamp of the hours that were looked at; others than these are not replaced unseen.
    seen: str | None = None

    def check(self, access: Access) -> None:
        access.require("resources.edit")
        checked_windows(self.windows)
        if self.seen is not None and self.seen != stamp_of(hours_of(self.resource)):
            raise StaleVersion

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_hours_of(self.resource.pk, self.windows)

    def apply(self, access: Access) -> object:
        set_resource_hours(access, self.resource, self.windows, seen=self.seen)
        return None


@dataclass(frozen=True)
class ClosuresAdded:
    """The business is closed on local days, each with its name: a holiday, or for a reason of its own."""

    kind: ClassVar[str] = "closures"
    service: ClassVar[None] = None
    member: ClassVar[None] = None
    days: Mapping[date, str]
    holiday: bool = False

    @property
    def title(self) -> str:
        names = list(dict.fromkeys(self.days.values()))
        return (", ".join(names[:3]) + (" …" if names[3:] else ""))[:200]

    def check(self, access: Access) -> None:
        access.require("set_up.edit")
        checked_closures(access, self.days)

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_closures(self.days)

    def visits(self) -> Q:
        return Q()

    def resources(self) -> Q:
        return Q(pk__in=Resource.objects.values("pk"))

    def apply(self, access: Access) -> object:
        return add_closures(access, self.days, holiday=self.holiday)
