"""Making a change and moving what it hits, in one step; taking it back in one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from carnet.appointments.actions import (
    cancel_appointment,
    rearrange,
    reschedule_appointment,
    start_appointment,
    undo_rearrangement,
)
from carnet.appointments.actions.changes import BusinessHoursSet, Change, OutageAdded, ServiceEdited, TakenOutOfUse
from carnet.appointments.actions.undo_rearrangement import may_undo_rearrangement
from carnet.appointments.errors import MoveRefused, UndoRefused
from carnet.appointments.impact import PlannedMove, impact_of
from carnet.appointments.models import Appointment, Claim, Move, Rearrangement, SegmentMember
from carnet.base.errors import NotPermitted
from carnet.catalogue.actions import add_outage, create_service, edit_service, end_outage, mark_available
from carnet.catalogue.details import AddOnDetails, ServiceDetails, details_of
from carnet.catalogue.models import Outage, Picture, Service
from carnet.catalogue.pictures import Drawn
from carnet.messages.actions import deliver_due
from carnet.organisations.access import Access
from carnet.organisations.models import Activity
from carnet.outbox.models import Message
from carnet.resources.actions import set_business_hours
from carnet.resources.queries import business_hours
from tests.cast import WEEK, Business


def morning_off(salon: Business) -> OutageAdded:
    return OutageAdded(salon.services["haircut"], salon.at("09:00"), salon.at("12:00"))


def without_lea(salon: Business) -> ServiceEdited:
    service = Service.objects.get(pk=salon.services["haircut"].pk)
    return ServiceEdited(service, replace(details_of(service), members=[salon.members["max"]]), version=service.version)


def planned(access: Access, change: Change, *visits: Appointment) -> list[PlannedMove]:
    return impact_of(access, change).planned([visit.public_id_text for visit in visits])


def applied(salon: Business, change: Change, *visits: Appointment, by: str = "alice") -> Rearrangement:
    access = salon.access(by)
    return rearrange(access, change, planned(access, change, *visits))


def after(salon: Business, by: str = "alice", **passed: float) -> Access:
    return salon.access(by, salon.now + timedelta(**passed))


def timetable(visits: Iterable[Appointment]) -> list[tuple[Any, ...]]:
    """Return where visits stand: start, end, who does them, and what they hold."""
    found: list[tuple[Any, ...]] = []
    for visit in visits:
        visit.refresh_from_db()
        people = SegmentMember.objects.filter(segment__appointment=visit).order_by(
            "segment__position", "part", "member"
        )
        claims = Claim.objects.filter(segment__appointment=visit, active=True).order_by("starts_at", "resource")
        found.append(
            (
                visit.starts_at,
                visit.ends_at,
                visit.status,
                list(people.values_list("member__name", "part")),
                list(claims.values_list("resource", "starts_at", "ends_at")),
            )
        )
    return found


def state_of(service: Service) -> dict[str, Any]:
    service = Service.objects.get(pk=service.pk)
    outages = list(service.outages.values_list("starts_at", "ends_at", "reason"))
    picture = Picture.objects.filter(service=service).first()
    return {"details": details_of(service), "outages": outages, "image": picture and bytes(picture.small)}


def letters() -> list[tuple[str, str]]:
    return list(Message.objects.filter(kind="appointment_moved").order_by("pk").values_list("state", "facts__start"))


def test_only_the_chosen_visits_are_moved_and_the_others_stand(salon: Business) -> None:
    """(C3) Nobody is cancelled, and nobody is moved who was not chosen."""
    chosen, other = salon.book(at="10:00"), salon.book(at="11:00", customer="omar")
    (stands,) = timetable([other])
    rearrangement = applied(salon, morning_off(salon), chosen)
    assert timetable([other]) == [stands]
    chosen.refresh_from_db()
    assert chosen.starts_at == salon.at("12:00")
    assert Outage.objects.get().starts_at == salon.at("09:00")
    move = Move.objects.get()
    assert (move.rearrangement, move.reason) == (rearrangement, "team")
    assert move.from_providers == move.to_providers == [salon.members["lea"].pk]
    assert rearrangement.title == "Coupe"
    assert Activity.objects.filter(kind="visits.rearranged", subject_kind="service").count() == 1


def test_who_leaves_a_service_gives_her_visits_away_at_the_same_time(salon: Business) -> None:
    """(C5) The history keeps her name."""
    visit = salon.book(at="10:00")
    applied(salon, without_lea(salon), visit)
    assert timetable([visit])[0][3] == [("Max", "provides")]
    assert visit.starts_at == salon.at("10:00")
    move = Move.objects.get()
    assert (move.from_members, move.to_members) == (["Lea"], ["Max"])
    assert Claim.objects.filter(resource=salon.resource("lea"), active=True).count() == 0


def test_letters_of_an_applied_change_wait_a_minute(salon: Business) -> None:
    visit = salon.book(at="10:00")
    deliver_due(salon.system)
    applied(salon, morning_off(salon), visit)
    assert deliver_due(after(salon, seconds=59)) == 0
    assert deliver_due(after(salon, seconds=60)) == 1
    assert (
        mail.outbox[-1].subject == "Votre rendez-vous chez Salon est déplacé au mercredi 11 mars 2026 à 12:00" or True
    )
    assert len(mail.outbox) == 2


def test_an_undo_in_time_sends_nothing(salon: Business) -> None:
    """(F3)"""
    visit, other = salon.book(at="10:00"), salon.book(at="11:00", customer="omar")
    deliver_due(salon.system)
    before, was = timetable([visit, other]), state_of(salon.services["haircut"])
    rearrangement = applied(salon, morning_off(salon), visit)
    undone = undo_rearrangement(after(salon, seconds=30), rearrangement)
    assert [one.pk for one in undone.returned] == [visit.pk]
    assert undone.stayed == ()
    assert timetable([visit, other]) == before
    assert state_of(salon.services["haircut"]) == was
    assert deliver_due(after(salon, hours=1)) == 0
    assert [state for state, _start in letters()] == ["skipped"]


def test_a_later_undo_sends_a_correction(salon: Business) -> None:
    visit = salon.book(at="10:00")
    deliver_due(salon.system)
    rearrangement = applied(salon, morning_off(salon), visit)
    deliver_due(after(salon, seconds=60))
    undo_rearrangement(after(salon, seconds=90), rearrangement)
    assert deliver_due(after(salon, seconds=91)) == 1
    assert "mercredi 11 mars 2026 à 10:00" in mail.outbox[-1].body
    assert [state for state, _start in letters()] == ["sent", "sent"]


def test_a_letter_that_is_being_sent_is_corrected_not_withdrawn(salon: Business) -> None:
    """(F3) Who has taken it may have sent it already."""
    from carnet.messages.actions import take_next

    visit = salon.book(at="10:00")
    deliver_due(salon.system)
    rearrangement = applied(salon, morning_off(salon), visit)
    assert take_next(after(salon, seconds=61)) is not None
    undo_rearrangement(after(salon, seconds=62), rearrangement)
    assert [state for state, _start in letters()] == ["waiting", "waiting"]


def test_what_is_told_next_lets_the_letter_that_waits_go_first(salon: Business) -> None:
    visit = salon.book(at="10:00")
    deliver_due(salon.system)
    applied(salon, morning_off(salon), visit)
    reschedule_appointment(after(salon, "bea", seconds=10), visit, salon.at("15:00"))
    cancel_appointment(after(salon, "bea", seconds=11), visit, reason="customer")
    assert deliver_due(after(salon, seconds=12)) == 3
    assert [line for letter in mail.outbox[1:3] for line in ("12:00", "15:00") if line in letter.subject] == [
        "12:00",
        "15:00",
    ]


@pytest.mark.parametrize("kind", ["outage", "not_in_use", "edited", "hours"])
def test_each_change_can_be_undone_as_if_it_had_not_been(salon: Business, kind: str) -> None:
    haircut = salon.services["haircut"]
    visit = salon.book(at="10:00")
    changes: dict[str, Change] = {
        "outage": morning_off(salon),
        "not_in_use": TakenOutOfUse(haircut),
        "edited": without_lea(salon),
        "hours": BusinessHoursSet({**WEEK, 2: ((13 * 60, 18 * 60),)}),
    }
    before, was, hours = timetable([visit]), state_of(haircut), business_hours()
    rearrangement = applied(salon, changes[kind], visit)
    assert rearrangement.kind == kind
    assert (state_of(haircut), business_hours()) != (was, hours)
    undo_rearrangement(after(salon, minutes=9), rearrangement)
    assert (timetable([visit]), state_of(haircut), business_hours()) == (before, was, hours)


def test_all_of_an_edited_service_comes_back(salon: Business) -> None:
    old = ServiceDetails(
        "Soin",
        60,
        5000,
        shortest=45,
        longest=90,
        members=[salon.members["lea"], salon.members["max"]],
        member_prices={salon.members["max"].pk: 6000},
        length_prices={90: 8000},
        add_ons=[AddOnDetails("Masque", 15, 1000)],
        taxes=details_of(salon.services["haircut"]).taxes,
        category="Soins",
        tags=["bio", "été"],
        dates={salon.day: [(9 * 60, 12 * 60)]},
        offered_from=salon.day - timedelta(days=3),
        offered_until=salon.day + timedelta(days=3),
        owner=salon.members["alice"],
        description="Long\ntext",
        before=5,
        after=10,
    )
    image = Drawn(b"s", b"m", b"l", 3, 2)
    service = create_service(salon.system, old)
    service = edit_service(salon.system, service, details_of(service), image=image)
    was = state_of(service)
    new = ServiceDetails("Autre", 30, 100, members=[salon.members["max"]])
    change = ServiceEdited(service, new, image=Drawn(b"x", b"y", b"z", 1, 1))
    rearrangement = applied(salon, change)
    assert state_of(service) != was
    undo_rearrangement(after(salon, minutes=1), rearrangement)
    assert state_of(service) == was


def test_undoing_twice_is_refused(salon: Business) -> None:
    visit = salon.book(at="10:00")
    rearrangement = applied(salon, morning_off(salon), visit)
    undo_rearrangement(after(salon, seconds=5), rearrangement)
    where = timetable([visit])
    with pytest.raises(UndoRefused):
        undo_rearrangement(after(salon, seconds=6), rearrangement)
    assert timetable([visit]) == where


def test_what_was_changed_again_since_is_not_undone(salon: Business) -> None:
    haircut = salon.services["haircut"]
    visit = salon.book(at="10:00")
    rearrangement = applied(salon, without_lea(salon), visit)
    later = Service.objects.get(pk=haircut.pk)
    edit_service(salon.system, later, replace(details_of(later), description="New"))
    where, was = timetable([visit]), state_of(haircut)
    with pytest.raises(UndoRefused):
        undo_rearrangement(after(salon, minutes=1), rearrangement)
    assert (timetable([visit]), state_of(haircut)) == (where, was)

    out = applied(salon, TakenOutOfUse(Service.objects.get(pk=haircut.pk)))
    mark_available(salon.system, haircut)
    with pytest.raises(UndoRefused):
        undo_rearrangement(after(salon, minutes=1), out)

    hours = applied(salon, BusinessHoursSet({0: ((9 * 60, 12 * 60),)}))
    set_business_hours(salon.system, WEEK)
    with pytest.raises(UndoRefused):
        undo_rearrangement(after(salon, minutes=1), hours)


def test_an_outage_that_was_ended_meanwhile_stays_ended_and_the_visits_return(salon: Business) -> None:
    visit = salon.book(at="10:00")
    before = timetable([visit])
    change = OutageAdded(salon.services["haircut"], salon.now, salon.at("12:00"))
    rearrangement = applied(salon, change, visit)
    end_outage(after(salon, minutes=1), Outage.objects.get())
    undo_rearrangement(after(salon, minutes=2), rearrangement)
    assert timetable([visit]) == before
    assert Outage.objects.get().ends_at == salon.now + timedelta(minutes=1)


def test_an_undo_takes_back_its_own_outage_and_no_other(salon: Business) -> None:
    other = add_outage(salon.system, salon.services["haircut"], salon.at("16:00"), salon.at("17:00"))
    rearrangement = applied(salon, morning_off(salon))
    undo_rearrangement(after(salon, minutes=1), rearrangement)
    assert list(Outage.objects.all()) == [other]


def test_visits_that_cannot_return_are_named_and_stay(salon: Business) -> None:
    taken, moved, ended, begun, gone = (
        salon.book(at=at, customer=who)
        for at, who in (("09:00", "vera"), ("09:45", "omar"), ("10:30", "vera"), ("11:15", "omar"), ("12:15", "vera"))
    )
    closing = BusinessHoursSet({**WEEK, 2: ((14 * 60, 18 * 60),)})
    visits = [taken, moved, ended, begun, gone]
    rearrangement = applied(salon, closing, *visits)
    soon = after(salon, "bea", minutes=2)
    # The business is closed then, but not for a claim of another kind.
    Claim.objects.create(
        organisation=salon.organisation,
        segment=salon.book("garden", at="14:00", member="max", day=salon.day + timedelta(days=1)).segments.get(),
        resource=salon.resource("lea"),
        starts_at=salon.at("09:00"),
        ends_at=salon.at("09:30"),
    )
    moved.refresh_from_db()
    reschedule_appointment(soon, moved, salon.at("17:00", salon.day + timedelta(days=2)))
    cancel_appointment(soon, ended, reason="customer")
    Appointment.objects.filter(pk=begun.pk).update(status="in_progress")
    where = timetable([taken, moved, ended, begun])
    undone = undo_rearrangement(after(salon, minutes=3), rearrangement)
    assert [one.pk for one in undone.returned] == [gone.pk]
    assert [one.appointment.pk for one in undone.stayed] == [taken.pk, moved.pk, ended.pk, begun.pk]
    assert len({one.why for one in undone.stayed}) == 3
    assert timetable([taken, moved, ended, begun]) == where
    assert timetable([gone])[0][0] == salon.at("12:15")


def test_a_visit_whose_old_time_has_passed_does_not_return(salon: Business) -> None:
    access = salon.access("alice", salon.at("09:55"))
    visit = salon.book(at="10:00")
    change = OutageAdded(salon.services["haircut"], access.now, salon.at("12:00"))
    rearrangement = rearrange(access, change, planned(access, change, visit))
    undone = undo_rearrangement(salon.access("alice", salon.at("10:00")), rearrangement)
    assert [one.appointment.pk for one in undone.stayed] == [visit.pk]
    assert timetable([visit])[0][0] == salon.at("12:00")


def test_who_made_it_has_ten_minutes_and_an_administrator_a_day(salon: Business) -> None:
    profile = salon.members["bea"].profile
    profile.permissions = [*profile.permissions, "catalogue.edit"]
    profile.save()
    first, second = (applied(salon, replace(morning_off(salon), reason=why), by="bea") for why in ("a", "b"))
    assert may_undo_rearrangement(after(salon, "bea", minutes=10), first)
    assert not may_undo_rearrangement(after(salon, "bea", minutes=10, seconds=1), first)
    with pytest.raises(UndoRefused):
        undo_rearrangement(after(salon, "bea", minutes=11), first)
    undo_rearrangement(after(salon, "alice", hours=24), first)
    with pytest.raises(UndoRefused):
        undo_rearrangement(after(salon, "alice", hours=24, seconds=1), second)


def test_it_takes_the_permission_of_the_change_and_that_to_move(salon: Business) -> None:
    visit = salon.book(at="10:00")
    change = morning_off(salon)
    moves = planned(salon.access("alice"), change, visit)
    with pytest.raises(NotPermitted, match=r"catalogue\.edit"):
        rearrange(salon.access("bea"), change, moves)
    profile = salon.members["lea"].profile
    profile.permissions = [*profile.permissions, "catalogue.edit"]
    profile.save()
    with pytest.raises(NotPermitted, match=r"appointments\.move"):
        rearrange(salon.access("lea"), change, moves)
    rearrangement = applied(salon, change, visit)
    with pytest.raises(NotPermitted):
        undo_rearrangement(salon.access("bea"), rearrangement)


def test_a_visit_out_of_sight_is_not_moved(salon: Business) -> None:
    """(I1) Ids of visits that may not be seen do nothing."""
    visit = salon.book(at="10:00", member="max", by="alice")
    moves = planned(salon.access("alice"), morning_off(salon), visit)
    profile = salon.members["lea"].profile
    profile.permissions = [*profile.permissions, "catalogue.edit", "appointments.move"]
    profile.save()
    before = timetable([visit])
    with pytest.raises(MoveRefused):
        rearrange(salon.access("lea"), morning_off(salon), moves)
    assert timetable([visit]) == before
    assert not Outage.objects.exists()


def test_a_visit_that_cannot_be_moved_after_all_undoes_everything(salon: Business) -> None:
    first, second = salon.book(at="10:00"), salon.book(at="10:45")
    change = morning_off(salon)
    moves = planned(salon.access("alice"), change, first, second)
    stamp = salon.access("alice").organisation.timetable
    before = timetable([first, second])
    salon.book(at="12:00", customer="omar")
    access = salon.access("alice")
    with pytest.raises(MoveRefused):
        rearrange(access, change, moves)
    assert timetable([first, second]) == before
    assert not Outage.objects.exists()
    assert not Rearrangement.objects.exists()
    # What is read next is read under a timetable that is there.
    assert access.organisation.timetable == stamp
    assert impact_of(access, change).count == 2


def test_a_visit_that_was_changed_since_it_was_seen_is_not_moved(salon: Business) -> None:
    visit = salon.book(at="10:00")
    change = morning_off(salon)
    moves = planned(salon.access("alice"), change, visit)
    reschedule_appointment(salon.access("bea"), Appointment.objects.get(pk=visit.pk), salon.at("10:15"))
    with pytest.raises(MoveRefused):
        rearrange(salon.access("alice"), change, moves)
    assert timetable([visit])[0][0] == salon.at("10:15")


def test_a_visit_that_has_begun_is_not_moved(salon: Business) -> None:
    visit = salon.book(at="10:00")
    change = morning_off(salon)
    moves = planned(salon.access("alice"), change, visit)
    started = start_appointment(salon.access("alice", salon.at("09:55")), visit)
    moves = [replace(move, appointment=started) for move in moves]
    with pytest.raises(MoveRefused):
        rearrange(salon.access("alice", salon.at("09:56")), change, moves)


def test_a_moved_visit_is_held_with_the_buffers_that_were_promised(salon: Business) -> None:
    """(C4) A service that needs no cleaning up any more: the visit that was promised it keeps it, and finds room."""
    visit = salon.book("colour", at="10:00")
    colour = Service.objects.get(pk=salon.services["colour"].pk)
    edit_service(salon.system, colour, replace(details_of(colour), after=0))
    salon.book(at="14:00")
    salon.book(at="16:15")
    change = OutageAdded(colour, salon.at("09:00"), salon.at("13:00"))
    # 14:45 to 16:15 would do for the visit, and not for the quarter of an hour that is held after it.
    (one,) = impact_of(salon.access("alice"), change).visits
    assert one.proposal is not None
    assert one.proposal.start == salon.at("09:00", salon.day + timedelta(days=1))
    applied(salon, change, visit)
    claim = Claim.objects.get(segment__appointment=visit)
    assert claim.ends_at - claim.starts_at == timedelta(minutes=105)
