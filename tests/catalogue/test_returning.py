"""Temporarily unavailable: until when each choice lasts, and when the service can be had again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from carnet.base.errors import Invalid
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, edit_service
from carnet.catalogue.details import ServiceDetails, details_of
from carnet.catalogue.models import Service
from carnet.catalogue.returning import Until, back_at, choices, end_of
from carnet.organisations.access import Access
from carnet.resources.models import Closure
from tests.cast import Business, open_business

PARIS = "Europe/Paris"


def at(text: str, zone: str = PARIS) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local(moment: datetime | None, zone: str = PARIS) -> str:
    assert moment is not None
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def seen(business: Business, now: str, zone: str = PARIS) -> Access:
    return business.access("alice", at(now, zone))


@pytest.fixture
def haircut(salon: Business) -> Service:
    return salon.services["haircut"]


def told(access: Access, service: Service) -> dict[str, tuple[str, str]]:
    zone = access.organisation.zone
    return {one.until: (local(one.ends_at, zone), local(one.back_at, zone)) for one in choices(access, service)}


def test_each_choice_on_an_ordinary_tuesday(salon: Business, haircut: Service) -> None:
    # The salon is open Monday to Saturday, 9:00 to 18:00; its week begins on Monday.
    assert told(seen(salon, "2026-03-03 14:20"), haircut) == {
        "rest_of_day": ("2026-03-04 00:00", "2026-03-04 09:00"),
        "tomorrow": ("2026-03-04 09:00", "2026-03-04 09:00"),
        "end_of_week": ("2026-03-09 00:00", "2026-03-09 09:00"),
        "end_of_month": ("2026-04-01 00:00", "2026-04-01 09:00"),
    }


def test_the_day_after_a_saturday_is_the_next_business_day(salon: Business, haircut: Service) -> None:
    found = told(seen(salon, "2026-03-07 17:59"), haircut)
    assert found["rest_of_day"] == ("2026-03-08 00:00", "2026-03-09 09:00")
    assert found["tomorrow"] == ("2026-03-09 09:00", "2026-03-09 09:00")


def test_a_holiday_is_no_business_day(salon: Business, haircut: Service) -> None:
    Closure.objects.get_or_create(organisation=salon.organisation, on=date(2026, 5, 1), defaults={"name": "Fête"})
    found = told(seen(salon, "2026-04-30 10:00"), haircut)
    assert found["tomorrow"] == ("2026-05-02 09:00", "2026-05-02 09:00")
    assert found["end_of_month"] == ("2026-05-01 00:00", "2026-05-02 09:00")


@pytest.mark.parametrize(
    ("first", "now", "end"),
    [
        (0, "2026-03-03 10:00", "2026-03-09 00:00"),
        (0, "2026-03-08 23:59", "2026-03-09 00:00"),
        (6, "2026-03-03 10:00", "2026-03-08 00:00"),
        (6, "2026-03-07 10:00", "2026-03-08 00:00"),
        (6, "2026-03-08 10:00", "2026-03-15 00:00"),
        (5, "2026-03-06 10:00", "2026-03-07 00:00"),
    ],
    ids=["Monday", "its last minute", "Sunday", "its last day", "its first day", "Saturday"],
)
def test_a_week_ends_before_the_first_weekday_of_the_business(salon: Business, first: int, now: str, end: str) -> None:
    access = seen(salon, now)
    access.organisation.first_weekday = first
    assert local(end_of(access, Until.END_OF_WEEK)) == end


@pytest.mark.parametrize(
    ("now", "end"),
    [
        ("2026-02-10 10:00", "2026-03-01 00:00"),
        ("2028-02-28 10:00", "2028-03-01 00:00"),
        ("2028-02-29 23:59", "2028-03-01 00:00"),
        ("2026-12-31 10:00", "2027-01-01 00:00"),
        ("2026-01-31 10:00", "2026-02-01 00:00"),
        ("2026-04-30 10:00", "2026-05-01 00:00"),
    ],
)
def test_a_month_ends_with_its_last_day_leap_years_too(salon: Business, now: str, end: str) -> None:
    assert local(end_of(seen(salon, now), Until.END_OF_MONTH)) == end


def test_the_rest_of_a_day_with_a_change_of_clocks_ends_at_its_own_midnight(salon: Business) -> None:
    """29 March has 23 hours in Paris, 25 October has 25."""
    shorter = end_of(seen(salon, "2026-03-29 00:30"), Until.REST_OF_DAY)
    longer = end_of(seen(salon, "2026-10-25 00:30"), Until.REST_OF_DAY)
    assert shorter - at("2026-03-29 00:00") == (at("2026-03-29 00:00") - at("2026-03-28 01:00"))
    assert (longer - at("2026-10-25 00:00")).total_seconds() == 25 * 3600
    assert local(longer) == "2026-10-26 00:00"


def test_an_hour_that_the_clocks_jump_over_is_refused_beside_it(salon: Business) -> None:
    with pytest.raises(Invalid) as caught:
        end_of(seen(salon, "2026-03-28 12:00"), Until.DATE, date(2026, 3, 29), 150)
    assert list(caught.value.errors) == ["at"]


def test_a_day_is_included_whole_unless_an_hour_is_typed(salon: Business) -> None:
    access = seen(salon, "2026-03-03 10:00")
    assert local(end_of(access, Until.DATE, date(2026, 3, 10))) == "2026-03-11 00:00"
    assert local(end_of(access, Until.DATE, date(2026, 3, 10), 870)) == "2026-03-10 14:30"
    assert local(end_of(access, Until.DATE, date(2026, 3, 3))) == "2026-03-04 00:00"


@pytest.mark.parametrize(
    ("on", "minutes", "field"),
    [(None, None, "on"), (date(2026, 3, 2), None, "on"), (date(2126, 1, 1), None, "on"), (date(2026, 3, 3), 540, "at")],
    ids=["no day", "yesterday", "in a hundred years", "an hour ago"],
)
def test_a_day_or_hour_that_cannot_be_is_refused_beside_it(
    salon: Business, on: date | None, minutes: int | None, field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        end_of(seen(salon, "2026-03-03 10:00"), Until.DATE, on, minutes)
    assert list(caught.value.errors) == [field]


@pytest.fixture
def havana(db: None) -> Iterator[Business]:
    """A business where the clocks jump from midnight to one on 8 March 2026."""
    business = open_business("havana", zone="America/Havana")
    with open_organisation(business.organisation):
        yield business


def test_a_day_whose_midnight_is_skipped_begins_at_one(havana: Business) -> None:
    zone = "America/Havana"
    end = end_of(seen(havana, "2026-03-07 15:00", zone), Until.REST_OF_DAY)
    assert local(end, zone) == "2026-03-08 01:00"
    assert local(end_of(seen(havana, "2026-03-03 15:00", zone), Until.END_OF_WEEK), zone) == "2026-03-09 00:00"


def test_the_moment_follows_the_service_s_own_days(salon: Business, haircut: Service) -> None:
    edit_service(salon.access("alice"), haircut, _with(haircut, hours={3: [(840, 1020)]}))
    assert told(seen(salon, "2026-03-03 10:00"), haircut)["rest_of_day"] == ("2026-03-04 00:00", "2026-03-05 14:00")


def test_the_moment_lies_behind_other_outages_and_inside_the_season(salon: Business, haircut: Service) -> None:
    edit_service(
        salon.access("alice"),
        haircut,
        _with(haircut, offered_from=date(2026, 3, 1), offered_until=date(2026, 3, 11)),
    )
    add_outage(salon.access("alice"), haircut, at("2026-03-04 00:00"), at("2026-03-10 11:00"))
    access = seen(salon, "2026-03-03 10:00")
    assert local(back_at(access, haircut, end_of(access, Until.REST_OF_DAY))) == "2026-03-10 11:00"
    haircut.refresh_from_db()
    assert back_at(access, haircut, end_of(access, Until.END_OF_MONTH)) is None


def test_a_seasonal_service_is_looked_for_a_year_ahead(salon: Business, haircut: Service) -> None:
    edit_service(salon.access("alice"), haircut, _with(haircut, dates={date(2027, 2, 3): [(600, 720)]}))
    access = seen(salon, "2026-03-03 10:00")
    assert local(back_at(access, haircut, access.now)) == "2027-02-03 10:00"


def _with(service: Service, **more: object) -> ServiceDetails:
    return replace(details_of(service), **more)  # type: ignore[arg-type]
