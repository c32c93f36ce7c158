"""Laws of rearranging, tried on random days: nothing vanishes, nothing collides, and an undo leaves no trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from carnet.appointments.actions import Booking, book_appointment, rearrange, undo_rearrangement
from carnet.appointments.actions.changes import BusinessHoursSet, Change, OutageAdded, ServiceEdited, TakenOutOfUse
from carnet.appointments.actions.changes_of_time import AbsenceAdded, ClosuresAdded, MemberHoursSet
from carnet.appointments.availability import Ask, load
from carnet.appointments.errors import BookingRefused
from carnet.appointments.impact import impact_of
from carnet.appointments.models import Appointment, Claim
from carnet.appointments.promised import asks_of
from carnet.base.scopes import open_organisation
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.outbox.models import Message
from carnet.resources.models import Closure, Hours, TimeOff
from carnet.scheduling import hours as wall
from carnet.scheduling.slots import choose
from tests.appointments.test_rearrange import state_of, timetable
from tests.cast import WEEK, Business

START = st.integers(0, 36).map(lambda quarters: f"{9 + quarters // 4:02}:{quarters % 4 * 15:02}")
WHO = st.sampled_from(["lea", "max"])
VISIT = st.tuples(
    st.lists(st.sampled_from(["haircut", "haircut", "colour", "both"]), min_size=1, max_size=2),
    START,
    st.sampled_from(["lea", "max", None]),
    st.sampled_from([0, 0, 1]),
)


def changes(salon: Business) -> st.SearchStrategy[Change]:
    haircut = Service.objects.get(pk=salon.services["haircut"].pk)
    details = details_of(haircut)
    outage = st.tuples(START, st.integers(1, 600) | st.just(600)).map(
        lambda two: OutageAdded(haircut, salon.at(two[0]), salon.at(two[0]) + timedelta(minutes=two[1]))
    )
    leaving = st.sampled_from(["lea", "max"]).map(
        lambda name: ServiceEdited(haircut, replace(details, members=[salon.members[name]]))
    )
    fewer = st.sampled_from([(540, 720), (780, 1080), (600, 700)]).map(
        lambda window: ServiceEdited(haircut, replace(details, hours={day: [window] for day in range(5)}))
    )
    longer = st.sampled_from([30, 60]).map(
        lambda usual: ServiceEdited(haircut, replace(details, usual=usual, after=15))
    )
    closing = st.sampled_from([(600, 900), (720, 1080), (540, 660)]).map(
        lambda window: BusinessHoursSet({**WEEK, salon.day.weekday(): (window,)})
    )
    away = st.tuples(WHO, START, st.integers(1, 600)).map(
        lambda three: AbsenceAdded(
            salon.resource(three[0]), salon.at(three[1]), salon.at(three[1]) + timedelta(minutes=three[2]), "Dentist"
        )
    )
    own = st.tuples(WHO, st.sampled_from([(540, 720), (780, 1080), (600, 700)])).map(
        lambda two: MemberHoursSet(salon.resource(two[0]), {day: [two[1]] for day in range(5)})
    )
    closed = st.sampled_from([0, 1]).map(lambda after: ClosuresAdded({salon.day + timedelta(days=after): "Inventory"}))
    unused = st.just(TakenOutOfUse(haircut))
    return st.one_of(outage, leaving, fewer, longer, closing, unused, away, own, closed)


def booked(salon: Business, wanted: list[tuple[list[str], str, str | None, int]]) -> list[Appointment]:
    access = salon.access("bea")
    found = []
    for services, at, member, after in wanted:
        who = salon.members[member] if member else None
        asks = tuple(Ask(salon.services[name], member=who if not n else None) for n, name in enumerate(services))
        start = salon.at(at, salon.day + timedelta(days=after))
        try:
            found.append(book_appointment(access, Booking(asks, start, salon.customers["vera"], place="business")))
        except BookingRefused:
            continue
    return found


def times_of_work() -> list[object]:
    """Return all that says when somebody is there."""
    hours = Hours.objects.order_by("resource_id", "weekday", "opens").values_list(
        "resource_id", "weekday", "opens", "closes"
    )
    absences = TimeOff.objects.values_list("resource_id", "starts_at", "ends_at", "reason")
    return [*hours, *absences, *Closure.objects.values_list("on", "name")]


def may_stand(access: Access, visit: Appointment) -> bool:
    """Return whether the rules would book the visit where it is, with who does it."""
    asks = asks_of(visit)
    day = wall.day_span(wall.local(visit.starts_at, visit.zone).date, visit.zone)
    known = load(access, asks, day, ignoring=visit, fresh=True)
    first = asks[0].member
    assert first is not None
    return not choose(known.question, visit.starts_at, known.resource_of[first.pk]).refusals


def nothing_overlaps() -> None:
    held: dict[int, list[Claim]] = {}
    for claim in Claim.objects.filter(active=True).order_by("starts_at"):
        held.setdefault(claim.resource_id, []).append(claim)
    for claims in held.values():
        assert all(earlier.ends_at <= later.starts_at for earlier, later in pairwise(claims))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_what_is_applied_collides_with_nothing_and_can_be_undone_whole(salon: Business, data: st.DataObject) -> None:
    """(A7, C1, C3, C4, C5)"""
    with transaction.atomic(), open_organisation(salon.organisation):
        visits = booked(salon, data.draw(st.lists(VISIT, min_size=5, max_size=12)))
        change = data.draw(changes(salon))
        service = salon.services["haircut"]
        before, was, hours = timetable(visits), state_of(service), times_of_work()

        access = salon.access("alice")
        impact = impact_of(access, change)
        hit = {one.appointment.pk for one in impact.visits}
        ticked = data.draw(st.just(hit) | st.sets(st.sampled_from(sorted(hit)))) if hit else set()
        event(f"{min(len(ticked), 3)} ticked of {min(len(hit), 3)}")
        chosen = [visit.public_id_text for visit in visits if visit.pk in ticked]
        moves = impact.planned(chosen)
        rearrangement = rearrange(access, change, moves)

        # Nothing vanished, nothing collides; who was not chosen stands where she stood.
        nothing_overlaps()
        moved = {move.appointment.pk: move for move in moves}
        for visit, stood in zip(visits, before, strict=True):
            (now,) = timetable([visit])
            assert now[2] == "scheduled"
            assert now[1] - now[0] == stood[1] - stood[0]
            if visit.pk in moved:
                assert now[0] == moved[visit.pk].start
                assert may_stand(access, visit)
            else:
                assert now == stood
                # Whom the preview did not name may stand under the new rules too.
                assert visit.pk in hit or may_stand(access, visit)

        undone = undo_rearrangement(salon.access("alice", salon.now + timedelta(seconds=30)), rearrangement)
        assert undone.stayed == ()
        assert (timetable(visits), state_of(service), times_of_work()) == (before, was, hours)
        assert not Message.objects.filter(kind="appointment_moved", state="waiting").exists()
        transaction.set_rollback(True)
