"""Changes that may hit visits which stand already: what is to be changed, and how it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from carnet.appointments.actions.delete_service import delete_service
from carnet.catalogue.actions import add_outage, edit_service, mark_not_in_use
from carnet.catalogue.details import ServiceDetails
from carnet.catalogue.models import Service
from carnet.catalogue.pictures import Drawn
from carnet.organisations.access import Access
from carnet.resources.actions import set_business_hours


class Change(Protocol):
    """A change that is previewed before it is made; `apply` makes it, visits stand."""

    kind: ClassVar[str]

    def apply(self, access: Access) -> object: ...


@dataclass(frozen=True)
class OutageAdded:
    """A service becomes temporarily unavailable."""

    kind: ClassVar[str] = "outage"
    service: Service
    starts_at: datetime
    ends_at: datetime
    reason: str = ""

    def apply(self, access: Access) -> object:
        return add_outage(access, self.service, self.starts_at, self.ends_at, reason=self.reason)


@dataclass(frozen=True)
class TakenOutOfUse:
    """A service is marked as not in use."""

    kind: ClassVar[str] = "not_in_use"
    service: Service

    def apply(self, access: Access) -> object:
        return mark_not_in_use(access, self.service)


@dataclass(frozen=True)
class ServiceDeleted:
    """A service goes to the bin; refused while visits are coming."""

    kind: ClassVar[str] = "deleted"
    service: Service

    def apply(self, access: Access) -> object:
        return delete_service(access, self.service)


@dataclass(frozen=True)
class ServiceEdited:
    """A service is replaced by what is typed: members may leave, hours shrink, the duration change."""

    kind: ClassVar[str] = "edited"
    service: Service
    details: ServiceDetails
    version: int | None = None
    image: Drawn | None = None
    drop_image: bool = False

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
    windows: Mapping[int, Sequence[tuple[int, int]]]

    def apply(self, access: Access) -> object:
        set_business_hours(access, self.windows)
        return None
