"""What the catalogue looks like over HTTP, for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from carnet.base.api import left_out
from carnet.catalogue.fields import SERVICES
from carnet.catalogue.output import HIDDEN_WITH
from carnet.organisations.fields import may_be_hidden

StatusName = Literal["not_in_use", "ended", "unavailable", "upcoming", "available"]
PlaceName = Literal["customer", "business", "both"]
WeekdayName = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class TaxOut(BaseModel):
    """One tax of a price; `rate` in thousandths of a percent, `amount` in minor units."""

    name: str
    rate: int
    amount: int


class PriceOut(BaseModel):
    """A price in minor units of `currency`; net + taxes = total."""

    net: int
    taxes: list[TaxOut]
    total: int
    currency: str


class DurationOut(BaseModel):
    """Minutes: the shortest, the usual and the longest a visit may be booked for."""

    shortest: int
    usual: int
    longest: int


class MemberOut(BaseModel):
    id: UUID
    name: str


class ProviderOut(BaseModel):
    """Who provides the service, and what it costs with this member; `amount` is null for the service's own."""

    model_config = left_out("amount", "price")

    id: UUID
    name: str
    amount: int | None
    price: PriceOut


class LengthPriceOut(BaseModel):
    """What a visit of at least `minutes` costs."""

    minutes: int
    amount: int
    price: PriceOut


class AddOnOut(BaseModel):
    """What can be had with the service: the minutes and the price that it adds."""

    model_config = left_out("amount", "price")

    id: UUID
    name: str
    minutes: int
    amount: int
    price: PriceOut


class KindOfTaxOut(BaseModel):
    """A tax of the organisation; `rate` in thousandths of a percent."""

    id: UUID
    name: str
    rate: int


class CategoryOut(BaseModel):
    id: UUID
    name: str


class TagOut(BaseModel):
    id: UUID
    name: str


class WeekdayHoursOut(BaseModel):
    """A window in which the service is offered on a weekday; it may last into the next day."""

    weekday: WeekdayName
    opens: str
    closes: str


class DatedHoursOut(BaseModel):
    on: date
    opens: str
    closes: str


class OutageOut(BaseModel):
    """A period in which the service cannot be booked."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    reason: str


class AddressesOut(BaseModel):
    small: str
    medium: str
    large: str


class ImageOut(BaseModel):
    """The image as WebP, at most 96, 480 and 1280 pixels on the longer side; `width` and `height` are the large's."""

    width: int
    height: int
    addresses: AddressesOut


class ServiceOut(BaseModel):
    """What the catalogue sells. An `amount` is as typed (with tax or without), a `price` tells it in detail."""

    model_config = left_out(*may_be_hidden(SERVICES, HIDDEN_WITH))

    id: UUID
    version: int
    name: str
    owner: MemberOut
    category: CategoryOut | None
    tags: list[TagOut]
    description: str
    hue: int
    status: StatusName
    unavailable_until: datetime | None
    #: When it is next offered, for one that is unavailable or upcoming; null if not within a year.
    back_at: datetime | None
    in_use: bool
    offered_from: date | None
    offered_until: date | None
    #: Neither weekdays nor dates: whenever the business is open.
    hours: list[WeekdayHoursOut]
    dates: list[DatedHoursOut]
    #: Those that are not over.
    outages: list[OutageOut]
    duration: DurationOut
    before: int
    after: int
    place: PlaceName
    amount: int
    #: Whether `amount` is that of an hour.
    hourly: bool
    price: PriceOut
    taxes: list[KindOfTaxOut]
    members: list[ProviderOut]
    length_prices: list[LengthPriceOut]
    add_ons: list[AddOnOut]
    asks_job_sheet: bool
    #: The name of the layout that its sheets are drawn with.
    job_sheet_layout: str
    image: ImageOut | None
    #: Values of the organisation's own fields, by key.
    custom: dict[str, Any]


class ServicesOut(BaseModel):
    services: list[ServiceOut]
    next: UUID | None


class DeletedServiceOut(ServiceOut):
    deleted_at: datetime


class DeletedServicesOut(BaseModel):
    services: list[DeletedServiceOut]


class CategoriesOut(BaseModel):
    categories: list[CategoryOut]


class TagsOut(BaseModel):
    tags: list[TagOut]


class TaxesOut(BaseModel):
    taxes: list[KindOfTaxOut]


class ChoiceOut(BaseModel):
    """How long a service may be marked as unavailable: when that ends, and when it is next offered."""

    until: Literal["rest_of_day", "tomorrow", "end_of_week", "end_of_month"]
    ends_at: datetime
    back_at: datetime | None


class OutagesOut(BaseModel):
    outages: list[OutageOut]
    choices: list[ChoiceOut]


class ChangedOut(BaseModel):
    """How many services were changed: all that were named."""

    changed: int
