"""Absences, hours of a member and closed days: which visits stand in their way, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carnet.appointments.actions import Booking, book_appointment, rearrange, undo_rearrangement
from carnet.appointments.actions.changes import Change
from carnet.appointments.actions.changes_of_time import AbsenceAdded, ClosuresAdded, MemberHoursSet
from carnet.appointments.availability import Ask
from carnet.appointments.errors import UndoRefused
from carnet.appointments.impact import Impact, impact_of
from carnet.appointments.impact.rules import Rules
from carnet.appointments.models import Appointment, Status
from carnet.appointments.timetable import timetable_of
from carnet.base.errors import Invalid, NotPermitted
from carnet.resources.actions import add_closures, end_time_off, reopen
from carnet.resources.models import Closure, TimeOff
from carnet.resources.timetable import timetable_now
from tests.cast import Business


def absence(salon: Business, first: str, last: str, name: str = "lea") -> AbsenceAdded:
    return AbsenceAdded(salon.resource(name), salon.at(first), salon.at(last), "Dentist")


def seen(salon: Business, change: Change, by: str = "alice") -> Impact:
    return impact_of(salon.access(by), change)


def ids(impact: Impact) -> list[int]:
    return [one.appointment.pk for one in impact.visits]


def rules(salon: Business) -> Rules:
    return Rules(timetable_of(salon.organisation, timetable_now(salon.organisation)))


def test_an_absence_hits_what_the_member_does_in_it_and_nothing_of_others(salon: Business) -> None:
    """(C1)"""
    before, hit = salon.book(at="09:15"), salon.book(at="10:00", customer="omar")
    salon.book(at="10:00", member="max")
    touching = salon.book(at="12:00")
    impact = seen(salon, absence(salon, "10:00", "12:00"))
    assert ids(impact) == [hit.pk]
    assert impact.visits[0].why.rule == "not_absent"
    assert ids(seen(salon, absence(salon, "09:59", "12:01"))) == [before.pk, hit.pk, touching.pk]


def test_who_only_attends_is_missed_too(salon: Business) -> None:
    ask = Ask(salon.services["haircut"], member=salon.members["max"], attendees=(salon.members["lea"],))
    booking = Booking(asks=(ask,), start=salon.at("10:00"), customer=salon.customers["vera"])
    visit = book_appointment(salon.access("bea"), booking)
    assert ids(seen(salon, absence(salon, "10:00", "12:00"))) == [visit.pk]


def test_a_colleague_is_proposed_at_the_same_time_and_stands_in_once_applied(salon: Business) -> None:
    visit, other = salon.book(at="10:00"), salon.book(at="11:00")
    alice, change = salon.access("alice"), absence(salon, "09:00", "18:00")
    impact = seen(salon, change)
    proposal = impact.visits[0].proposal
    assert proposal is not None
    assert (proposal.start, [one.name for one in proposal.providers]) == (visit.starts_at, ["Max"])
    made = rearrange(alice, change, impact.planned({visit.public_id_text}), standing=1)
    assert (made.kind, made.title) == ("absence", "Lea")
    visit.refresh_from_db()
    other.refresh_from_db()
    assert visit.starts_at == salon.at("10:00")
    assert visit.segments.get().segment_members.get().member == salon.members["max"]
    # The other stands where it was, in the absence: nobody is cancelled silently.
    assert (other.starts_at, other.status) == (salon.at("11:00"), Status.SCHEDULED)
    assert other.segments.get().segment_members.get().member == salon.members["lea"]

    undone = undo_rearrangement(alice, made)
    assert [one.pk for one in undone.returned] == [visit.pk]
    assert not TimeOff.objects.exists()


def test_an_absence_that_was_ended_meanwhile_is_left_as_it_is_by_an_undo(salon: Business) -> None:
    salon.book(at="10:00")
    alice = salon.access("alice")
    change = AbsenceAdded(salon.resource("lea"), alice.now - timedelta(hours=1), salon.at("18:00"))
    made = rearrange(alice, change, [], standing=1)
    end_time_off(alice, TimeOff.objects.get())
    undo_rearrangement(alice, made)
    assert TimeOff.objects.get().ends_at == alice.now
    with pytest.raises(UndoRefused):
        undo_rearrangement(alice, made)


def test_what_is_foreseen_of_an_absence_is_what_comes(salon: Business) -> None:
    alice, now = salon.access("alice"), rules(salon)
    first = absence(salon, "10:00", "12:00")
    then = first.foreseen(alice, now)
    first.apply(alice)
    assert then.timetable == rules(salon).timetable
    second = absence(salon, "11:00", "15:00")
    then = second.foreseen(alice, rules(salon))
    second.apply(alice)
    assert then.timetable == rules(salon).timetable


def test_looking_takes_the_right_and_a_period_that_can_be_taken(salon: Business) -> None:
    for who in ("bea", "lea"):
        with pytest.raises(NotPermitted):
            absence(salon, "10:00", "12:00").check(salon.access(who))
        with pytest.raises(NotPermitted):
            rearrange(salon.access(who), absence(salon, "10:00", "12:00"), [])
    with pytest.raises(Invalid):
        absence(salon, "12:00", "10:00").check(salon.access("alice"))
    assert not TimeOff.objects.exists()
    assert not Appointment.objects.exists()


def test_closed_days_hit_the_visits_of_everybody_and_are_foreseen_as_they_come(salon: Business) -> None:
    """(C2)"""
    alice = salon.access("alice")
    hit = [salon.book(at="10:00"), salon.book(at="11:00", member="max", customer="omar")]
    salon.book(at="10:00", day=salon.day + timedelta(days=1))
    change = ClosuresAdded({salon.day: "Inventaire"})
    impact = seen(salon, change)
    assert ids(impact) == [one.pk for one in hit]
    assert {one.why.rule for one in impact.visits} == {"business_open"}
    then = change.foreseen(alice, rules(salon))
    change.apply(alice)
    assert then.timetable == rules(salon).timetable
    # Closed already, it is no news, and keeps its name.
    again = ClosuresAdded({salon.day: "Travaux"})
    assert not seen(salon, again).hits_any
    then = again.foreseen(alice, rules(salon))
    again.apply(alice)
    assert then.timetable == rules(salon).timetable


def test_an_undo_leaves_days_that_were_closed_before_and_those_opened_meanwhile(salon: Business) -> None:
    alice, next_day = salon.access("alice"), salon.day + timedelta(days=1)
    add_closures(salon.system, {salon.day: "Noël"}, holiday=True)
    salon.book(at="10:00", day=next_day)
    made = rearrange(alice, ClosuresAdded(dict.fromkeys((salon.day, next_day), "Travaux")), [], standing=1)
    reopen(alice, next_day, next_day)
    add_closures(alice, {next_day: "Inventaire"})
    undo_rearrangement(alice, made)
    assert list(Closure.objects.values_list("on", "name")) == [(salon.day, "Noël"), (next_day, "Inventaire")]


def test_only_who_may_set_up_closes_and_opens(salon: Business) -> None:
    for who in ("bea", "lea"):
        with pytest.raises(NotPermitted):
            ClosuresAdded({salon.day: "Inventaire"}).check(salon.access(who))
        with pytest.raises(NotPermitted):
            rearrange(salon.access(who), ClosuresAdded({salon.day: "Inventaire"}), [])
        with pytest.raises(NotPermitted):
            reopen(salon.access(who), salon.day, salon.day)
    for days in ({}, {salon.now.date() - timedelta(days=1): "Past"}, {salon.day: "x" * 121}):
        with pytest.raises(Invalid):
            ClosuresAdded(days).check(salon.access("alice"))
    assert not Closure.objects.exists()


def test_what_is_foreseen_of_a_members_hours_is_what_comes(salon: Business) -> None:
    alice, lea = salon.access("alice"), salon.resource("lea")
    for windows in ({0: ((540, 720), (780, 1080))}, {}, {4: ((18 * 60, 26 * 60),)}):
        change = MemberHoursSet(lea, windows)
        change.check(alice)
        then = change.foreseen(alice, rules(salon))
        change.apply(alice)
        assert then.timetable == rules(salon).timetable
    with pytest.raises(NotPermitted):
        change.check(salon.access("bea"))
    with pytest.raises(Invalid):
        MemberHoursSet(lea, {0: ((540, 530),)}).check(alice)


def test_shorter_hours_of_one_member_hit_her_visits_alone(salon: Business) -> None:
    """(C1)"""
    hit = salon.book(at="10:00")
    salon.book(at="10:00", member="max", customer="omar")
    impact = seen(salon, MemberHoursSet(salon.resource("lea"), {salon.day.weekday(): ((14 * 60, 18 * 60),)}))
    assert ids(impact) == [hit.pk]
    assert impact.visits[0].why.rule == "at_work"
