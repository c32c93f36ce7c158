"""Which visits a change hits, and where they could go: read only, nothing is moved by looking."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from carnet.appointments.actions import start_appointment
from carnet.appointments.actions.changes import (
    BusinessHoursSet,
    Change,
    OutageAdded,
    ServiceDeleted,
    ServiceEdited,
    TakenOutOfUse,
)
from carnet.appointments.actions.delete_service import StillBooked
from carnet.appointments.impact import Impact, impact_of
from carnet.appointments.impact.rules import Rules
from carnet.appointments.timetable import timetable_of
from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Service
from carnet.resources.timetable import timetable_now
from tests.cast import WEEK, Business


def edited(salon: Business, service: str = "haircut", **values: Any) -> ServiceEdited:
    found = salon.services[service]
    return ServiceEdited(found, replace(details_of(found), **values))


def outage(salon: Business, first: str, last: str, service: str = "haircut") -> OutageAdded:
    return OutageAdded(salon.services[service], salon.at(first), salon.at(last))


def seen(salon: Business, change: Change, by: str = "alice") -> Impact:
    return impact_of(salon.access(by), change)


def offered(salon: Business, impact: Impact) -> list[tuple[str, list[str]] | None]:
    """Return what is proposed for each visit: its local time and who would do it."""
    return [
        one.proposal
        and (
            f"{one.proposal.start.astimezone(salon.zone):%d %H:%M}",
            [member.name for member in one.proposal.providers],
        )
        for one in impact.visits
    ]


def ids(impact: Impact) -> list[int]:
    return [one.appointment.pk for one in impact.visits]


def test_an_outage_hits_what_overlaps_it_by_a_minute_and_nothing_else(salon: Business) -> None:
    """(C3)"""
    before, hit = salon.book(at="09:15"), salon.book(at="10:00", customer="omar")
    salon.book("both", at="11:00", place="business")
    touching = salon.book(at="12:00")
    assert ids(seen(salon, outage(salon, "10:00", "12:00"))) == [hit.pk]
    assert ids(seen(salon, outage(salon, "09:59", "12:01"))) == [before.pk, hit.pk, touching.pk]


def test_a_visit_that_is_refused_already_is_no_news(salon: Business) -> None:
    salon.book(at="10:00")
    first = outage(salon, "09:00", "12:00")
    first.apply(salon.access("alice"))
    assert not seen(salon, outage(salon, "09:30", "13:00")).hits_any


def test_an_outage_proposes_the_same_member_at_the_next_free_start(salon: Business) -> None:
    hit, later = salon.book(at="10:00"), salon.book(at="12:15")
    impact = seen(salon, outage(salon, "09:00", "12:00"))
    assert ids(impact) == [hit.pk]
    # 12:15 is taken, from 13:00 to 14:00 Léa is away: the first free start is at two.
    assert offered(salon, impact) == [("11 14:00", ["Lea"])]
    assert impact.visits[0].why.rule == "not_unavailable"
    later.refresh_from_db()
    assert later.starts_at == salon.at("12:15")


def test_who_leaves_the_service_is_stood_in_for_at_the_same_time(salon: Business) -> None:
    """(C5)"""
    free, taken = salon.book(at="10:00"), salon.book(at="14:00")
    salon.book(at="14:15", member="max", customer="omar")
    impact = seen(salon, edited(salon, members=[salon.members["max"]]))
    assert ids(impact) == [free.pk, taken.pk]
    assert offered(salon, impact) == [("11 10:00", ["Max"]), ("11 15:00", ["Max"])]


def test_proposals_are_in_nobodys_way_not_even_in_each_others(salon: Business) -> None:
    for at in ("09:00", "09:45", "10:30"):
        salon.book(at=at)
        salon.book(at=at, member="max", customer="omar")
    impact = seen(salon, outage(salon, "09:00", "12:00"))
    proposed = [(one.proposal.start, one.proposal.providers) for one in impact.visits if one.proposal]
    assert len(proposed) == len(set(proposed)) == 6
    assert offered(salon, impact)[:3] == [("11 12:00", ["Lea"]), ("11 12:00", ["Max"]), ("11 14:00", ["Lea"])]


def test_visits_that_are_not_moved_keep_the_places_that_others_might_want(salon: Business) -> None:
    """Whatever is ticked in the end, nothing collides: a visit that could move counts as standing."""
    closing = BusinessHoursSet({**WEEK, 2: ((11 * 60, 18 * 60),)})
    salon.book(at="10:00")
    salon.book(at="10:45")
    impact = seen(salon, closing)
    # From 10:45 to 11:30 the second one is there until it is moved.
    assert offered(salon, impact) == [("11 11:30", ["Lea"]), ("11 12:15", ["Lea"])]


def test_nothing_can_be_proposed_for_a_service_that_is_not_in_use(salon: Business) -> None:
    """(C3)"""
    salon.book(at="10:00")
    impact = seen(salon, TakenOutOfUse(salon.services["haircut"]))
    assert offered(salon, impact) == [None]
    assert impact.visits[0].movable


def test_coming_visits_keep_a_service_from_being_deleted_and_are_shown(salon: Business) -> None:
    visit = salon.book(at="10:00")
    change = ServiceDeleted(salon.services["haircut"])
    assert ids(seen(salon, change)) == [visit.pk]
    with pytest.raises(StillBooked):
        change.apply(salon.access("alice"))


def test_a_visit_keeps_the_length_it_was_promised(salon: Business) -> None:
    """(C4) It is told, and in nobody's way."""
    visit = salon.book(at="10:00")
    impact = seen(salon, edited(salon, usual=30))
    assert (impact.count, impact.other_length) == (0, 1)
    edited(salon, usual=30).apply(salon.access("alice"))
    visit.refresh_from_db()
    assert visit.ends_at - visit.starts_at == timedelta(minutes=45)


def test_hours_dates_and_period_of_a_service_hit_what_lies_outside(salon: Business) -> None:
    """(C1)"""
    morning, afternoon = salon.book(at="10:00"), salon.book(at="15:00")
    fewer = edited(salon, hours={day: [(14 * 60, 18 * 60)] for day in range(5)})
    assert ids(seen(salon, fewer)) == [morning.pk]
    dated = edited(salon, dates={salon.day: [(9 * 60, 13 * 60)]})
    assert ids(seen(salon, dated)) == [afternoon.pk]
    # There is nothing ahead, so it is the last before it.
    assert offered(salon, seen(salon, dated)) == [("11 12:15", ["Lea"])]
    ended = edited(salon, offered_until=salon.day - timedelta(days=1))
    assert ids(seen(salon, ended)) == [morning.pk, afternoon.pk]
    assert offered(salon, seen(salon, ended)) == [("10 17:15", ["Lea"]), ("10 16:30", ["Lea"])]


def test_shorter_business_hours_hit_the_visits_of_all_services(salon: Business) -> None:
    """(C1)"""
    salon.book(at="10:00")
    evening, both = (
        salon.book(at="17:00"),
        salon.book("both", at="17:15", place="business", day=salon.day + timedelta(days=1)),
    )
    impact = seen(salon, BusinessHoursSet(dict.fromkeys(range(6), ((9 * 60, 17 * 60),))))
    assert ids(impact) == [evening.pk, both.pk]
    assert impact.visits[0].why.rule == "business_open"


def test_a_visit_under_way_is_told_and_left_alone(salon: Business) -> None:
    visit = salon.book(at="10:00")
    start_appointment(salon.access("alice", salon.at("09:55")), visit)
    impact = impact_of(salon.access("alice", salon.at("10:05")), outage(salon, "10:05", "12:00"))
    assert ids(impact) == [visit.pk]
    assert [(one.movable, one.proposal) for one in impact.visits] == [(False, None)]


def test_visits_out_of_sight_are_counted_and_not_shown(salon: Business) -> None:
    salon.book(at="10:00", by="alice", member="lea")
    salon.book(at="10:00", by="alice", member="max", customer="omar")
    profile = salon.members["lea"].profile
    profile.permissions = [*profile.permissions, "catalogue.edit", "appointments.move"]
    profile.save()
    impact = seen(salon, outage(salon, "09:00", "12:00"), by="lea")
    assert (len(impact.visits), impact.unseen, impact.count) == (1, 1, 2)


def test_the_change_is_checked_before_anything_is_shown(salon: Business) -> None:
    with pytest.raises(NotPermitted):
        outage(salon, "09:00", "12:00").check(salon.access("bea"))
    with pytest.raises(Invalid):
        outage(salon, "12:00", "09:00").check(salon.access("alice"))
    with pytest.raises(Invalid):
        edited(salon, hours={6: [(9 * 60, 18 * 60)]}).check(salon.access("alice"))
    with pytest.raises(Invalid):
        BusinessHoursSet({0: [(600, 500)]}).check(salon.access("alice"))
    with pytest.raises(StaleVersion):
        replace(edited(salon), version=7).check(salon.access("alice"))


def test_looking_takes_as_many_statements_for_many_visits_as_for_few(salon: Business) -> None:
    change = outage(salon, "09:00", "18:00")
    salon.book(at="09:00")

    def statements() -> int:
        with CaptureQueriesContext(connection) as caught:
            impact_of(salon.access("alice"), change)
        return len(caught)

    statements()
    few = statements()
    for at in ("10:00", "11:00", "12:00", "14:00", "15:00", "16:00"):
        salon.book(at=at)
        salon.book(at=at, member="max", customer="omar")
    assert len(seen(salon, change).visits) == 13
    assert statements() == few


def test_what_was_seen_is_told_apart_from_what_is_so_now(salon: Business) -> None:
    salon.book(at="10:00")
    change = outage(salon, "09:00", "12:00")
    first = seen(salon, change).digest
    assert seen(salon, change).digest == first
    salon.book(at="12:00")
    assert seen(salon, change).digest != first


WINDOW = st.tuples(st.integers(0, 12), st.integers(1, 10)).map(
    lambda at: (540 + at[0] * 30, 540 + at[0] * 30 + at[1] * 30)
)
DAYS = st.dictionaries(st.integers(0, 6), st.lists(WINDOW, min_size=1, max_size=1), max_size=7)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_rules_foreseen_are_those_that_come(salon: Business, data: st.DataObject) -> None:
    """The law of the preview: it asks the engine under the very rules that are read once the change is made."""
    access = salon.access("alice")
    with transaction.atomic():
        service = Service.objects.get(pk=salon.services[data.draw(st.sampled_from(["haircut", "garden"]))].pk)
        change = data.draw(changes(salon, service))
        before = Rules(timetable_of(access.organisation, timetable_now(access.organisation)))
        foreseen = change.foreseen(access, before)
        change.apply(access)
        assert foreseen.timetable == timetable_of(access.organisation, timetable_now(access.organisation))
        stored = Service.objects.get(pk=service.pk)
        for name in ("shortest", "usual", "longest", "before", "after", "in_use", "offered_from", "offered_until"):
            assert getattr(foreseen.service(service), name) == getattr(stored, name), name
        transaction.set_rollback(True)


def changes(salon: Business, service: Service) -> st.SearchStrategy[Change]:
    start = st.integers(1, 2000).map(lambda minutes: salon.now + timedelta(minutes=minutes))
    outages = st.builds(
        lambda at, length: OutageAdded(service, at, at + timedelta(minutes=length)), start, st.integers(1, 3000)
    )
    members = st.sets(st.sampled_from(["lea", "max", "alice"]), min_size=1).map(
        lambda names: [salon.members[name] for name in sorted(names)]
    )
    day = st.integers(0, 30).map(lambda days: salon.day + timedelta(days=days))
    period = st.tuples(st.none() | day, st.none() | day).filter(lambda two: not (two[0] and two[1]) or two[0] <= two[1])

    def edit(who: Any, usual: int, when: Any, two: tuple[date | None, date | None], after: int) -> ServiceEdited:
        details = replace(
            details_of(service),
            members=who,
            usual=usual,
            shortest=None,
            longest=None,
            after=after,
            offered_from=two[0],
            offered_until=two[1],
            **when,
        )
        return ServiceEdited(service, details)

    inside = st.lists(st.integers(0, 5), unique=True).map(lambda days: {day: [(600, 900)] for day in days})
    dates = st.sets(day.filter(lambda on: on.weekday() < 6), max_size=4).map(
        lambda on: {one: [(600, 900)] for one in on}
    )
    when = st.one_of(inside.map(lambda found: {"hours": found}), dates.map(lambda found: {"dates": found}))
    edits = st.builds(edit, members, st.sampled_from([15, 45, 60]), when, period, st.sampled_from([0, 10]))
    return st.one_of(outages, edits, st.just(TakenOutOfUse(service)), DAYS.map(BusinessHoursSet))
