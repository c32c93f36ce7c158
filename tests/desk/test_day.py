"""The day: what it tells of hours, visits and free time, to whom, and at what cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnet.appointments.actions import cancel_appointment, mark_no_show, start_appointment
from carnet.base.errors import NotPermitted
from carnet.base.scopes import open_organisation
from carnet.customisation.actions import switch_module
from carnet.desk.queries.day import Closed, Column, Day, Visit, day_of, first_open_day, landing
from carnet.jobsheets.actions import complete_appointment
from carnet.organisations.models import Profile
from carnet.resources.actions import add_closures, add_time_off, set_business_hours
from tests.cast import DAY, Business, open_business


def column(day: Day, business: Business, name: str) -> Column:
    return next(column for column in day.columns if column.member == business.members[name].public_id)


def times(business: Business, blocks: tuple[object, ...]) -> list[tuple[str, str]]:
    """Return the local wall times of blocks."""
    return [
        tuple(at.astimezone(business.zone).strftime("%H:%M") for at in (block.starts_at, block.ends_at))  # type: ignore[attr-defined]
        for block in blocks
    ]


def test_free_time_is_work_time_less_what_is_held(salon: Business) -> None:
    salon.book(at="10:00")
    day = day_of(salon.access("bea"), DAY)
    lea = column(day, salon, "lea")
    assert times(salon, lea.free) == [("09:00", "10:00"), ("10:45", "13:00"), ("14:00", "18:00")]
    assert times(salon, lea.visits) == [("10:00", "10:45")]
    assert times(salon, lea.closed) == [("13:00", "14:00")]


def test_time_kept_free_after_a_visit_is_not_offered(salon: Business) -> None:
    salon.book("colour", at="10:00")
    lea = column(day_of(salon.access("bea"), DAY), salon, "lea")
    assert times(salon, lea.visits) == [("10:00", "11:30")]
    assert ("11:45", "13:00") in times(salon, lea.free)


def test_rows_are_five_minutes_from_the_first_full_hour(salon: Business) -> None:
    salon.book(at="10:00")
    day = day_of(salon.access("bea"), DAY)
    visit = column(day, salon, "lea").visits[0]
    assert (visit.row, visit.rows) == (12, 9)
    assert day.rows == 9 * 12
    assert [hour.row for hour in day.hours] == [12 * hour for hour in range(9)]


def test_who_provides_nothing_has_no_column(salon: Business) -> None:
    day = day_of(salon.access("bea"), DAY)
    assert [found.name for found in day.columns] == ["Lea", "Max"]


def test_free_time_today_begins_at_the_next_start_on_the_grid(salon: Business) -> None:
    day = day_of(salon.access("bea", salon.at("10:07")), DAY)
    assert times(salon, column(day, salon, "lea").free)[0] == ("10:15", "13:00")
    assert day.now_row == 13


def test_a_past_day_offers_nothing(salon: Business) -> None:
    day = day_of(salon.access("bea", salon.at("10:00", DAY + timedelta(days=1))), DAY)
    assert not day.has_free_time
    assert day.now_row is None


def test_a_visit_of_two_services_is_one_card(salon: Business) -> None:
    from carnet.appointments.actions import Booking, book_appointment
    from carnet.appointments.availability import Ask

    lea = salon.members["lea"]
    asks = (Ask(salon.services["haircut"], None, lea), Ask(salon.services["both"], None, lea))
    booking = Booking(asks=asks, start=salon.at("09:00"), customer=salon.customers["vera"], place="business")
    book_appointment(salon.access("bea"), booking)
    visits = column(day_of(salon.access("bea"), DAY), salon, "lea").visits
    assert [visit.services for visit in visits] == [("Coupe", "Coiffage")]
    assert times(salon, visits) == [("09:00", "10:15")]


def test_a_visit_at_the_customers_shows_where(salon: Business) -> None:
    salon.book("garden", at="09:00", member="max", minutes=180)
    (visit,) = column(day_of(salon.access("bea"), DAY), salon, "max").visits
    assert visit.at_customer
    assert "3 rue des Lilas" in visit.address


def test_a_visit_whose_time_has_passed_is_to_close(salon: Business) -> None:
    salon.book(at="09:00")
    salon.book(at="10:00")
    day = day_of(salon.access("bea", salon.at("10:00")), DAY)
    assert [visit.state for visit in column(day, salon, "lea").visits] == ["to_close", "scheduled"]


def test_a_started_visit_is_in_progress(salon: Business) -> None:
    visit = salon.book(at="10:00")
    start_appointment(salon.access("lea", salon.at("09:50")), visit)
    day = day_of(salon.access("bea", salon.at("10:05")), DAY)
    assert [seen.state for seen in column(day, salon, "lea").visits] == ["in_progress"]


def test_a_cancelled_visit_leaves_its_place_free(salon: Business) -> None:
    visit = salon.book(at="10:00")
    cancel_appointment(salon.access("bea"), visit, reason="customer")
    lea = column(day_of(salon.access("bea"), DAY), salon, "lea")
    assert lea.visits == ()
    assert ("09:00", "13:00") in times(salon, lea.free)


def test_a_no_show_stays_on_the_page_until_somebody_else_gets_its_time(salon: Business) -> None:
    visit = salon.book(at="10:00")
    late = salon.at("10:05")
    mark_no_show(salon.access("bea", late), visit)
    assert [seen.state for seen in column(day_of(salon.access("bea", late), DAY), salon, "lea").visits] == ["no_show"]
    salon.book(at="10:15", customer="omar", now=late)
    seen = column(day_of(salon.access("bea", late), DAY), salon, "lea").visits
    assert [visit.state for visit in seen] == ["scheduled"]


def test_a_visit_served_before_its_time_stays_on_the_page_until_somebody_else_gets_its_place(salon: Business) -> None:
    visit = salon.book(at="10:00")
    start_appointment(salon.access("lea", salon.at("09:20")), visit)
    complete_appointment(salon.access("lea", salon.at("09:45")), visit)
    later = salon.at("09:50")
    lea = column(day_of(salon.access("bea", later), DAY), salon, "lea")
    assert [(seen.state, seen.id) for seen in lea.visits] == [("completed", visit.public_id)]
    assert ("10:00", "13:00") in times(salon, lea.free)
    salon.book(at="10:15", customer="omar", now=later)
    lea = column(day_of(salon.access("bea", later), DAY), salon, "lea")
    assert [seen.state for seen in lea.visits] == ["scheduled"]


def test_an_absence_is_drawn_and_its_reason_kept_from_colleagues(salon: Business) -> None:
    add_time_off(salon.system, salon.resource("lea"), salon.at("15:00"), salon.at("18:00"), reason="Dentist")
    for name, reason in (("alice", "Dentist"), ("bea", ""), ("lea", "Dentist")):
        lea = column(day_of(salon.access(name), DAY), salon, "lea")
        away = [block for block in lea.closed if block.away]
        assert [(block.reason, *times(salon, (block,))) for block in away] == [(reason, ("15:00", "18:00"))]
        assert ("14:00", "15:00") in times(salon, lea.free)


def test_a_provider_sees_no_column_of_others(salon: Business) -> None:
    """What one may neither see nor book does not exist (I12)."""
    salon.book(at="10:00", member="max")
    day = day_of(salon.access("lea"), DAY)
    assert [found.name for found in day.columns] == ["Lea"]
    assert day.count == 0


@pytest.mark.guard("visible")
def test_a_visit_one_may_not_see_is_busy_and_nothing_else(salon: Business) -> None:
    """Who may book a member sees that its time is taken, not by whom (I12)."""
    salon.book(at="10:00", member="max")
    salon.book(at="10:00", member="lea")
    profile = salon.members["lea"].profile
    Profile.objects.filter(pk=profile.pk).update(permissions=[*profile.permissions, "appointments.book"])
    day = day_of(salon.access("lea"), DAY)
    (busy,) = column(day, salon, "max").visits
    taken = Visit(12, 9, salon.at("10:00"), salon.at("10:45"), "busy", begins="10:00", finishes="10:45")
    assert busy == taken
    (own,) = column(day, salon, "lea").visits
    assert own.customer == "Véra Élan"
    assert day.count == 1


def test_who_may_not_see_appointments_is_refused(salon: Business) -> None:
    profile = salon.members["bea"].profile
    Profile.objects.filter(pk=profile.pk).update(permissions=[])
    with pytest.raises(NotPermitted):
        day_of(salon.access("bea"), DAY)


def test_a_holiday_says_its_name_and_the_next_open_day(salon: Business) -> None:
    add_closures(salon.system, {date(2026, 12, 25): "Noël"}, holiday=True)
    day = day_of(salon.access("bea"), date(2026, 12, 25))
    assert (day.closure, day.span, day.next_open) == ("Noël", None, date(2026, 12, 26))
    assert not day.has_free_time


def test_a_sunday_is_closed_without_a_name(salon: Business) -> None:
    day = day_of(salon.access("bea"), date(2026, 3, 15))
    assert (day.closure, day.next_open) == ("", date(2026, 3, 16))


def test_a_closed_day_with_a_visit_shows_the_visit(salon: Business) -> None:
    salon.book(at="10:00")
    add_closures(salon.system, {DAY: "Inventaire"})
    day = day_of(salon.access("bea"), DAY)
    assert day.closure == "Inventaire"
    assert [visit.customer for visit in column(day, salon, "lea").visits] == ["Véra Élan"]
    assert not day.has_free_time


def test_home_is_the_next_open_day_when_today_is_closed(salon: Business) -> None:
    sunday = datetime(2026, 3, 15, 9, tzinfo=UTC)
    assert first_open_day(salon.access("bea", sunday)) == date(2026, 3, 16)


def test_without_hours_there_is_no_open_day(salon: Business) -> None:
    set_business_hours(salon.system, {})
    day = day_of(salon.access("bea"), DAY)
    assert (day.closure, day.next_open, day.span) == ("", None, None)
    assert first_open_day(salon.access("bea")) == salon.now.date()


def test_while_services_is_off_visits_stand_and_nothing_is_offered(salon: Business) -> None:
    salon.book(at="10:00")
    switch_module(salon.access("alice"), "services", on=False)
    for name in ("alice", "bea"):
        day = day_of(salon.access(name), DAY)
        assert not day.module_on
        assert not day.may_book
        assert day.count == 1


def test_providers_begin_with_their_own_visits(salon: Business) -> None:
    assert landing(salon.access("lea")) == "my_day"
    assert {landing(salon.access(name)) for name in ("alice", "bea")} == {"home"}


@pytest.mark.parametrize(
    ("day", "hours", "repeated"),
    [(date(2026, 3, 29), 23, 0), (date(2026, 10, 25), 25, 2), (date(2026, 3, 30), 24, 0)],
)
def test_days_on_which_the_clocks_change_show_each_hour_once(db: None, day: date, hours: int, repeated: int) -> None:
    """A business that never closes: 23, 25 or 24 hours, none twice, the doubtful ones marked (B2–B4)."""
    always = open_business("night", now=datetime(2026, 3, 3, 8, tzinfo=UTC))
    with open_organisation(always.organisation):
        set_business_hours(always.system, dict.fromkeys(range(7), ((0, 1440),)))
        seen = day_of(always.access("bea"), day)
    assert seen.rows == hours * 12
    assert len(seen.hours) == hours
    assert len({hour.at for hour in seen.hours}) == hours
    assert sum(bool(hour.offset) for hour in seen.hours) == repeated


def test_a_visit_in_the_repeated_hour_stands_in_its_own_row(db: None) -> None:
    """02:30 comes twice on 25 October: the two are an hour apart on the page (B2)."""
    always = open_business("night", now=datetime(2026, 10, 20, 8, tzinfo=UTC))
    with open_organisation(always.organisation):
        from carnet.resources.actions import set_resource_hours

        everyday = dict.fromkeys(range(7), ((0, 1440),))
        set_business_hours(always.system, everyday)
        for name in ("lea", "max"):
            set_resource_hours(always.system, always.resource(name), everyday)
        from carnet.appointments.actions import Booking, book_appointment
        from carnet.appointments.availability import Ask

        for name, start in (
            ("lea", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
            ("max", datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        ):
            ask = Ask(always.services["haircut"], None, always.members[name])
            book_appointment(always.access("bea"), Booking(asks=(ask,), start=start))
        day = day_of(always.access("bea"), date(2026, 10, 25))
        first, second = (column(day, always, name).visits[0] for name in ("lea", "max"))
    assert (first.row, second.row) == (30, 42)
    assert (first.begins, second.begins) == ("2:30 (+0200)", "2:30 (+0100)")


def test_the_list_holds_what_the_grid_holds(salon: Business) -> None:
    salon.book(at="10:00")
    salon.book("haircut", at="14:00", member="max", customer=None)
    day = day_of(salon.access("bea"), DAY)
    listed = [block for block, _columns in day.lines]
    drawn = [block for found in day.columns for block in (*found.visits, *found.free)]
    assert sorted(listed, key=repr) == sorted(drawn, key=repr)
    assert [block.starts_at for block in listed] == sorted(block.starts_at for block in listed)


def test_neighbouring_blocks_never_overlap(salon: Business) -> None:
    """Walk-ins start off the grid; both ends of a block round down, so rows tile the column."""
    salon.book(at="09:00")
    salon.book(at="09:45")
    salon.book(at="10:30")
    lea = column(day_of(salon.access("bea"), DAY), salon, "lea")
    end = 0
    for block in lea.blocks:
        assert block.row >= end
        end = block.row + block.rows
    assert isinstance(lea.blocks[0], Visit | Closed)


def test_a_day_takes_the_same_few_statements_whatever_its_visits(salon: Business) -> None:
    def statements(name: str) -> int:
        access = salon.access(name)
        with CaptureQueriesContext(connection) as captured:
            day_of(access, DAY)
        return len(captured)

    few = {name: statements(name) for name in ("alice", "bea", "lea")}
    for hour in range(9, 12):
        for member in ("lea", "max"):
            salon.book(at=f"{hour:02}:00", member=member)
    assert {name: statements(name) for name in few} == few
    assert max(few.values()) <= 8
