"""Changes that may hit visits which stand already: what is to be changed, what it would mean, and how it is made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from django.db.models import Q
from django.utils.translation import gettext as _

from carnet.appointments.actions.delete_service import delete_service
from carnet.appointments.impact.rules import Rules
from carnet.base.errors import StaleVersion
from carnet.catalogue.actions import add_outage, edit_service, mark_not_in_use
from carnet.catalogue.actions.standing import checked_period
from carnet.catalogue.details import ServiceDetails, check
from carnet.catalogue.fields import SERVICES
from carnet.catalogue.models import Service
from carnet.catalogue.pictures import Drawn
from carnet.customisation.actions.keeping import judged
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.actions import set_business_hours
from carnet.resources.actions.hours import checked_windows
from carnet.resources.models import Resource
from carnet.scheduling.spans import Span


class Change(Protocol):
    """A change that is previewed before it is made; `apply` makes it, visits stand."""

    kind: ClassVar[str]

    @property
    def service(self) -> Service | None:
        """The service that is changed; None where it is a member or the business."""
        ...

    @property
    def member(self) -> Member | None:
        """The member whose time is changed, if that is the change."""
        ...

    @property
    def title(self) -> str:
        """What the changed thing is called now, "" for the business itself."""
        ...

    def check(self, access: Access) -> None:
        """Raise what `apply` would raise for what is asked, permission included."""

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        """Return the rules of booking as they would be."""
        ...

    def visits(self) -> Q:
        """Return the condition that visits meet which it could hit."""
        ...

    def resources(self) -> Q:
        """Return the condition that the resources meet which `apply` locks."""
        ...

    def apply(self, access: Access) -> object: ...


class _OfService:
    """A change of one service, which can hit the visits of that service only."""

    service: Service
    member: ClassVar[None] = None

    @property
    def title(self) -> str:
        return self.service.name

    def visits(self) -> Q:
        return Q(segments__service=self.service)

    def resources(self) -> Q:
        return Q(member__service_members__service=self.service)


@dataclass(frozen=True)
class OutageAdded(_OfService):
    """A service becomes temporarily unavailable."""

    kind: ClassVar[str] = "outage"
    service: Service
    starts_at: datetime
    ends_at: datetime
    reason: str = ""

    def check(self, access: Access) -> None:
        access.require("catalogue.edit")
        checked_period(access, self.starts_at, self.ends_at, self.reason)

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_outage(self.service, Span(self.starts_at, self.ends_at))

    def apply(self, access: Access) -> object:
        return add_outage(access, self.service, self.starts_at, self.ends_at, reason=self.reason)


@dataclass(frozen=True)
class TakenOutOfUse(_OfService):
    """A service is marked as not in use."""

    kind: ClassVar[str] = "not_in_use"
    service: Service

    def check(self, access: Access) -> None:
        access.require("catalogue.edit")

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_service(self.service, in_use=False)

    def apply(self, access: Access) -> object:
        return mark_not_in_use(access, self.service)


@dataclass(frozen=True)
class ServiceDeleted(_OfService):
    """A service goes to the bin; refused while visits are coming."""

    kind: ClassVar[str] = "deleted"
    service: Service

    def check(self, access: Access) -> None:
        access.require("catalogue.delete")

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_service(self.service, deleted_at=access.now)

    def apply(self, access: Access) -> object:
        return delete_service(access, self.service)


@dataclass(frozen=True)
class ServiceEdited(_OfService):
    """A service is replaced by what is typed: members may leave, hours shrink, the duration change."""

    kind: ClassVar[str] = "edited"
    service: Service
    details: ServiceDetails
    version: int | None = None
    image: Drawn | None = None
    drop_image: bool = False

    def check(self, access: Access) -> None:
        access.require("catalogue.edit")
        check(access, self.details)
        # As it is now: the form may have been open for an hour.
        version, held = Service.objects.values_list("version", "custom").get(pk=self.service.pk)
        if self.version is not None and self.version != version:
            raise StaleVersion
        judged(access, SERVICES, self.details.custom, held)

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_details(self.service, self.details)

    def resources(self) -> Q:
        return super().resources() | Q(member__in=[member.pk for member in self.details.members])

    def apply(self, access: Access) -> object:
        return edit_service(
            access,
            self.service,
            self.details,
            version=self.version,
            image=self.image,
            drop_image=self.drop_image,
        )


@dataclass(frozen=True)
class BusinessHoursSet:
    """The business opens at other hours."""

    kind: ClassVar[str] = "hours"
    service: ClassVar[None] = None
    member: ClassVar[None] = None
    title: ClassVar[str] = ""
    windows: Mapping[int, Sequence[tuple[int, int]]]

    def check(self, access: Access) -> None:
        access.require("set_up.edit")
        checked_windows(self.windows)

    def foreseen(self, access: Access, rules: Rules) -> Rules:
        return rules.with_business_hours(self.windows)

    def visits(self) -> Q:
        return Q()

    def resources(self) -> Q:
        return Q(pk__in=Resource.objects.values("pk"))

    def apply(self, access: Access) -> object:
        set_business_hours(access, self.windows)
        return None


def title_of(kind: str, name: str) -> str:
    """Return a change of what is called `name` in words, in the active language."""
    match kind:
        case "outage":
            return _("%(service)s: temporarily unavailable") % {"service": name}
        case "not_in_use":
            return _("%(service)s: not in use") % {"service": name}
        case "edited":
            return _("%(service)s: edited") % {"service": name}
        case "hours":
            return _("Business hours changed")
        case "absence":
            return _("%(name)s: absent") % {"name": name}
        case "member_hours":
            return _("%(name)s: hours changed") % {"name": name}
        case "closures":
            return _("Closed: %(name)s") % {"name": name}
    return name
