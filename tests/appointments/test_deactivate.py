"""Letting a member go: visits and records are taken over, or nothing happens; one administrator always remains."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from carnet.appointments.actions import deactivate_member
from carnet.appointments.actions.deactivate import StillExpected, heritage_of
from carnet.appointments.errors import BookingRefused, MoveRefused
from carnet.appointments.models import Appointment, SegmentMember
from carnet.base.errors import Invalid, NotPermitted, StaleVersion
from carnet.customers.actions import NewCustomer, create_customer
from carnet.organisations.access import Access
from carnet.organisations.actions import issue_token
from carnet.organisations.errors import AboveOneself, LastAdministrator
from carnet.organisations.models import Activity, Member, Organisation, Profile, Token
from carnet.organisations.tokens import living_token
from carnet.outbox.models import Message
from carnet.resources.actions import take_back_member
from tests.appointments.test_races import booking, kinds, together
from tests.cast import Business


def let_go(salon: Business, name: str, *, by: str = "alice", heir: str | None = None) -> Member:
    """Deactivate as the page does: with who takes over as it is proposed."""
    access = salon.access(by)
    member = Member.objects.select_related("profile").get(pk=salon.members[name].pk)
    moves = heritage_of(access, member).planned()
    return deactivate_member(access, member, moves=moves, heir=salon.members[heir] if heir else None)


def provider(visit: Appointment) -> str:
    return SegmentMember.objects.get(segment__appointment=visit, part="provides").member.name


def second_administrator(salon: Business) -> None:
    administrators = Profile.objects.get(administrator=True)
    Member.objects.filter(pk=salon.members["bea"].pk).update(profile=administrators)


def test_coming_visits_are_taken_over_at_their_time_by_who_is_free_and_the_customer_is_told(salon: Business) -> None:
    """(C5) Who only has something past in common with the member is left alone."""
    coming = salon.book(at="10:00")
    let_go(salon, "lea")
    coming.refresh_from_db()
    assert (coming.starts_at, provider(coming)) == (salon.at("10:00"), "Max")
    assert Message.objects.filter(kind="appointment_moved", subject_id=coming.pk, state="waiting").exists()
    assert Activity.objects.get(kind="member.deactivated").changes["active"] == [True, False]


def test_a_visit_that_nobody_can_take_over_keeps_the_member(salon: Business) -> None:
    """(C5)"""
    taken, free = salon.book(at="10:00"), salon.book(at="15:00", customer="omar")
    salon.book(at="10:15", member="max", customer="nobody")
    heritage = heritage_of(salon.access("alice"), salon.members["lea"])
    assert (heritage.in_the_way, list(heritage.taken_over)) == (1, [free.pk])
    stamp = Organisation.objects.get().timetable
    with pytest.raises(StillExpected) as refused:
        let_go(salon, "lea")
    assert refused.value.count == 1
    assert Member.objects.get(name="Lea").active
    assert {provider(taken), provider(free)} == {"Lea"}
    assert Organisation.objects.get().timetable == stamp


def test_a_service_that_nobody_else_provides_is_taken_over_by_nobody(salon: Business) -> None:
    alone = salon.book("both", at="10:00", place="business")
    assert heritage_of(salon.access("alice"), salon.members["lea"]).in_the_way == 1
    with pytest.raises(StillExpected):
        let_go(salon, "lea")
    assert provider(alone) == "Lea"


def test_who_only_assists_is_not_replaced_by_whoever_is_free(salon: Business) -> None:
    visit = salon.book(at="10:00", member="max")
    segment = visit.segments.get()
    SegmentMember.objects.create(
        organisation=salon.organisation, segment=segment, member=salon.members["lea"], part="attends"
    )
    assert heritage_of(salon.access("alice"), salon.members["lea"]).in_the_way == 1
    with pytest.raises(StillExpected):
        let_go(salon, "lea")


def test_a_plan_made_before_a_visit_was_changed_is_refused_whole(salon: Business) -> None:
    visit = salon.book(at="10:00")
    moves = heritage_of(salon.access("alice"), salon.members["lea"]).planned()
    Appointment.objects.filter(pk=visit.pk).update(version=7)
    with pytest.raises(MoveRefused):
        deactivate_member(salon.access("alice"), salon.members["lea"], moves=moves)
    assert Member.objects.get(name="Lea").active
    with pytest.raises(StaleVersion):
        deactivate_member(salon.access("alice"), salon.members["lea"], version=9)


def test_what_the_member_owns_goes_to_an_heir_who_must_be_named(salon: Business) -> None:
    service = salon.services["haircut"]
    type(service).objects.filter(pk=service.pk).update(owner=salon.members["lea"])
    customer = create_customer(salon.system, NewCustomer("Zoé"))
    type(customer).objects.filter(pk=customer.pk).update(owner=salon.members["lea"])
    for heir in (None, "lea"):
        with pytest.raises(Invalid):
            let_go(salon, "lea", heir=heir)
    let_go(salon, "lea", heir="max")
    for one in (service, customer):
        version = one.version
        one.refresh_from_db()
        assert (one.owner, one.version) == (salon.members["max"], version + 1)
    told = Activity.objects.get(kind="member.heritage").changes
    assert told == {"owner": ["Lea", "Max"], "services": [1, 0], "customers": [1, 0], "appointments": [0, 0]}


def test_nobody_is_booked_with_who_has_left_and_everything_is_as_before_on_return(salon: Business) -> None:
    let_go(salon, "lea")
    with pytest.raises(BookingRefused):
        salon.book(at="10:00")
    assert provider(salon.book(at="10:00", member=None)) == "Max"
    take_back_member(salon.access("alice"), salon.members["lea"])
    assert provider(salon.book(at="10:00", customer="omar")) == "Lea"
    assert Activity.objects.filter(kind="member.reactivated").count() == 1


def test_keys_to_the_api_die_at_once_and_stay_dead(salon: Business) -> None:
    """(C5)"""
    secret = issue_token(salon.access("alice"), salon.members["lea"])
    assert living_token(secret)
    let_go(salon, "lea")
    assert living_token(secret) is None
    take_back_member(salon.access("alice"), salon.members["lea"])
    assert living_token(secret) is None
    assert Token.objects.get().revoked_at == salon.now


def test_the_last_administrator_who_can_sign_in_remains(salon: Business) -> None:
    """(I8)"""
    with pytest.raises(Invalid):
        let_go(salon, "alice")
    with pytest.raises(LastAdministrator):
        deactivate_member(salon.system, salon.members["alice"], heir=salon.members["bea"])
    # One without a sign-in could not help anybody.
    profile = Profile.objects.get(administrator=True)
    Member.objects.filter(pk=salon.members["bea"].pk).update(profile=profile, user=None)
    with pytest.raises(LastAdministrator):
        deactivate_member(salon.system, salon.members["alice"], heir=salon.members["bea"])
    assert Member.objects.get(name="Alice").active


def test_nobody_deactivates_or_takes_back_somebody_above_them(salon: Business) -> None:
    """(I7)"""
    second_administrator(salon)
    Profile.objects.filter(key="provider").update(permissions=["members.edit"])
    for name in ("alice", "bea"):
        with pytest.raises(AboveOneself):
            deactivate_member(salon.access("lea"), salon.members[name], heir=salon.members["max"])
    Member.objects.filter(name="Bea").update(active=False)
    with pytest.raises(AboveOneself):
        take_back_member(salon.access("lea"), salon.members["bea"])
    assert let_go(salon, "max", by="lea").active is False


def test_who_was_deactivated_meanwhile_deactivates_nobody(salon: Business) -> None:
    """(I8) Rights count as they are when it is done, not as they were when the page was opened."""
    second_administrator(salon)
    access = salon.access("bea")
    Member.objects.filter(name="Bea").update(active=False)
    with pytest.raises(NotPermitted):
        deactivate_member(access, salon.members["lea"])
    assert Member.objects.get(name="Lea").active


def test_who_may_not_change_the_set_up_lets_nobody_go(salon: Business) -> None:
    for act in (deactivate_member, take_back_member):
        with pytest.raises(NotPermitted):
            act(salon.access("bea"), salon.members["lea"])


def test_who_left_already_or_belongs_elsewhere_cannot_be_let_go(salon: Business, garage: Business) -> None:
    """(I2)"""
    let_go(salon, "lea")
    with pytest.raises(Invalid):
        let_go(salon, "lea")
    with pytest.raises((KeyError, Member.DoesNotExist)):
        deactivate_member(salon.access("alice"), garage.members["lea"])
    assert Member._base_manager.get(pk=garage.members["lea"].pk).active


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_who_deactivate_each_other_one_remains(salon: Business) -> None:
    """(I8)"""
    second_administrator(salon)
    type(salon.services["haircut"]).objects.update(owner=salon.members["max"])

    def against(by: str, whom: str) -> Any:
        access, member = salon.access(by), salon.members[whom]
        return lambda: deactivate_member(access, member)

    for _round in range(5):
        Member.objects.filter(name__in=("Alice", "Bea")).update(active=True)
        results = together(salon, against("alice", "bea"), against("bea", "alice"))
        assert kinds(results)["Member"] == 1, results
        assert Member.objects.filter(active=True, profile__administrator=True).count() == 1


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_booking_and_the_departure_race_and_no_visit_is_left_with_who_has_gone(salon: Business) -> None:
    """(C5) Either the booking is refused, or the departure."""
    access, member = salon.access("alice"), salon.members["lea"]
    for hour in range(9, 13):
        results = together(salon, booking(salon, f"{hour:02}:00", "lea"), lambda: deactivate_member(access, member))
        assert kinds(results) in ({"Appointment": 1, "StillExpected": 1}, {"BookingRefused": 1, "Member": 1})
        gone = not Member.objects.get(pk=member.pk).active
        assert not (gone and Appointment.objects.exists())
        Appointment.objects.all().delete()
        if gone:
            take_back_member(Access.for_member(salon.access("alice").member or member, salon.now), member)


def test_what_is_past_and_was_never_closed_stands_in_nobody_s_way(salon: Business) -> None:
    visit = salon.book(at="10:00")
    access = salon.access("alice", salon.at("18:00") + timedelta(hours=1))
    deactivate_member(access, salon.members["lea"])
    assert provider(visit) == "Lea"
