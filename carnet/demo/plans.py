"""What a demo business is made of, before any of it is in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from carnet.catalogue.details import AddOnDetails
from carnet.catalogue.models import Place
from carnet.customisation.actions import NewField

Windows = Mapping[int, Sequence[tuple[int, int]]]

#: How far the book reaches back and ahead of the day on which the demo starts.
PAST_DAYS = 90
COMING_DAYS = 30


@dataclass(frozen=True)
class Person:
    """A member of a demo business; the same `email` in two businesses is one person with one sign-in."""

    name: str
    profile: str
    email: str
    #: None for whoever is there whenever the business is open.
    hours: Windows | None = None
    language: str = ""
    phone: str = ""
    #: Days from the founding on which the person is away: first and last, with the reason.
    away: tuple[int, int, str] | None = None


@dataclass(frozen=True)
class Sold:
    """A service of the catalogue; `by` are names of persons, `weight` says how often it is booked."""

    name: str
    usual: int
    price: int
    by: tuple[str, ...]
    category: str
    description: str = ""
    shortest: int | None = None
    longest: int | None = None
    place: str = Place.BUSINESS
    before: int = 0
    after: int = 0
    hue: int = 0
    weight: int = 4
    taxes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    asks_job_sheet: bool = False
    #: The layout of its job sheets, by its label in `sheet_layouts`; "" for the standard one.
    sheet: str = ""
    in_use: bool = True
    #: "women" or "men" where the trade tells them apart, "" for everybody.
    whose: str = ""
    #: Booked together with this other service, once in a while.
    goes_with: str = ""
    #: First and last (month, day) of the season in which it is offered; it may run across New Year.
    season: tuple[tuple[int, int], tuple[int, int]] | None = None
    starts_next_month: bool = False
    #: Why it cannot be had from the founding until some day of the week after.
    outage: str = ""
    #: First and last day from the founding on which it cannot be had, and why.
    planned_outage: tuple[int, int, str] | None = None
    tags: tuple[str, ...] = ()
    add_ons: tuple[AddOnDetails, ...] = ()
    hourly: bool = False
    #: Name of a person -> price with this person.
    with_whom: Mapping[str, int] = field(default_factory=dict)
    #: Minutes -> price of a visit of at least that length.
    by_length: Mapping[int, int] = field(default_factory=dict)
    #: What its picture shows, of `illustrations.MOTIFS`; "" for none.
    motif: str = ""

    def offered(self, founded: date) -> tuple[date | None, date | None]:
        """Return first and last day of the limited period, (None, None) without one."""
        if self.starts_next_month:
            return (founded.replace(day=1) + timedelta(days=32)).replace(day=1), None
        if self.season is None:
            return None, None
        (month, day), (last_month, last_day) = self.season
        over_new_year = (last_month, last_day) < (month, day)
        years = (founded.year - 1, founded.year, founded.year + 1)
        seasons = [(date(year, month, day), date(year + over_new_year, last_month, last_day)) for year in years]
        # The one under way, one that visits of the past still belong to, or the next.
        first, last = next(one for one in seasons if one[1] >= founded - timedelta(days=PAST_DAYS))
        return first, last


@dataclass(frozen=True)
class Clientele:
    """What the customers of a business are drawn from."""

    count: int
    women: Sequence[str]
    men: Sequence[str]
    last_names: Sequence[str]
    #: Whole names that a table must bear, taken before any is put together.
    notable: Sequence[str]
    streets: Sequence[str]
    #: Postcode and town.
    towns: Sequence[tuple[str, str]]
    #: Numbers set aside for fiction: a pattern with # for each digit to be drawn, as dialled at home.
    phones: Sequence[str]
    prefix: str
    notes: Sequence[str]
    access_notes: Sequence[str]
    plans: Sequence[str]
    languages: Sequence[str] = ("fr",)
    share_with_address: float = 1.0


@dataclass(frozen=True)
class Plan:
    """A demo business as it is to be made."""

    slug: str
    name: str
    country: str
    zone: str
    currency: str
    street: str
    postcode: str
    city: str
    phone: str
    hours: Windows
    people: Sequence[Person]
    clientele: Clientele
    taxes: Sequence[tuple[str, int]] = ()
    rooms: Sequence[str] = ()
    services: Sequence[Sold] = ()
    job_sheet_fields: Sequence[NewField] = ()
    #: Label of a further layout of job sheets -> the fields that it has besides the standard ones.
    sheet_layouts: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    #: What job sheets say was done and used: sentences, by the key or French label of the field.
    job_sheet_words: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    region: str = ""
    first_weekday: int = 0
    prices_include_tax: bool = True
    languages: tuple[str, ...] = ("fr",)
    services_on: bool = True
    #: The share of working time that the book fills.
    fullness: float = 0.64
    past_days: int = PAST_DAYS
    coming_days: int = COMING_DAYS

    def window(self, today: date) -> list[date]:
        """Return the days the book covers, in the order in which they are filled: today, ahead, then back."""
        ahead = [today + timedelta(days=n) for n in range(self.coming_days + 1)]
        return ahead + [today - timedelta(days=n) for n in range(1, self.past_days + 1)]


def every_day(weekdays: Sequence[int], *windows: tuple[str, str]) -> Windows:
    """Return the same windows ("9:00", "18:30") on each of these weekdays (Monday is 0)."""
    return dict.fromkeys(weekdays, tuple((minutes(opens), minutes(closes)) for opens, closes in windows))


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
