"""The book of a demo business: the same everywhere, written once, whenever it was interrupted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.utils.translation import override

from carnet.appointments.models import OPEN, Appointment, Move, Status
from carnet.base.scopes import open_organisation
from carnet.base.tasks import Interrupted
from carnet.catalogue.models import Service
from carnet.customers.models import Customer
from carnet.customisation.actions import switch_module
from carnet.demo.clientele import described
from carnet.demo.content import PLANS
from carnet.demo.crew import Crew, dice, is_ours
from carnet.demo.days import wanted_visits
from carnet.demo.founding import found
from carnet.demo.models import WrittenDay
from carnet.demo.plans import Plan, Sold
from carnet.demo.scene import LEFT, left_day, set_scene
from carnet.demo.writing import today, unwritten, write_customers, write_day
from carnet.desk.queries.history import record_history
from carnet.jobsheets.models import JobSheet
from carnet.organisations.models import Organisation
from carnet.outbox.models import Message
from tests.demo.conftest import SMALL, OpenSalon, paris

NOW = paris("2026-11-24 10:30")
Row = tuple[object, ...]
WITH_A_BOOK = [plan for plan in PLANS if plan.services]


def all_visits() -> set[Row]:
    return set(
        Appointment.objects.values_list(
            "public_id",
            "starts_at",
            "status",
            "customer__name",
            "segments__service_name",
            "segments__segment_members__member__name",
        )
    )


def write_everything(crew: Crew, now: datetime) -> None:
    set_scene(crew, now)
    for day in unwritten(crew.plan, today(crew, now)):
        write_day(crew, day, now, leave=LEFT if day == left_day(crew, now) else 0)


@pytest.mark.django_db
def test_a_demo_is_the_same_wherever_it_is_made() -> None:
    def made() -> tuple[set[Row], set[Row]]:
        with transaction.atomic():
            organisation = found(SMALL, NOW)
            with open_organisation(organisation):
                crew = Crew(SMALL, organisation)
                write_customers(crew, NOW)
                set_scene(crew, NOW)
                rows = Customer.objects.values_list("public_id", "name", "contacts__value", "addresses__street")
                answer = all_visits(), set(map(tuple, rows))
            transaction.set_rollback(True)
        return answer

    first = made()
    assert not Organisation.objects.exists()
    assert made() == first
    assert len(first[0]) > 40


@pytest.mark.parametrize("after", [1, 3])
def test_interrupted_it_goes_on_and_makes_nothing_twice(open_small_salon: OpenSalon, after: int) -> None:
    """However many transactions were done when the worker was killed, the next one ends with the same book."""
    crew = open_small_salon(NOW)
    day = date(2026, 11, 23)
    with transaction.atomic():
        write_day(crew, day, NOW)
        whole = all_visits()
        transaction.set_rollback(True)
    turns = iter(range(after))

    def stop() -> None:
        if next(turns, None) is None:
            raise Interrupted

    with pytest.raises(Interrupted):
        write_day(crew, day, NOW, stop)
    assert day in unwritten(crew.plan, today(crew, NOW))
    part = Appointment.objects.count()
    assert part > 0
    write_day(crew, day, NOW)
    assert all_visits() == whole
    assert day not in unwritten(crew.plan, today(crew, NOW))


def test_writing_what_is_written_changes_nothing(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    write_everything(crew, NOW)
    before, customers = all_visits(), Customer.objects.count()
    write_customers(crew, NOW)
    write_everything(crew, NOW)
    assert all_visits() == before
    assert Customer.objects.count() == customers == SMALL.clientele.count


def test_a_later_start_tops_the_book_up(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    write_everything(crew, NOW)
    before = {visit.public_id for visit in Appointment.objects.all()}
    later = NOW + timedelta(days=3, hours=5)
    write_everything(crew, later)
    after = {visit.public_id for visit in Appointment.objects.all()}
    assert before < after
    last = max(crew.plan.window(today(crew, later)))
    assert WrittenDay.objects.filter(on=last).exists()
    assert Appointment.objects.filter(ends_at__lte=later, status__in=OPEN).count() == LEFT


def test_a_visit_somebody_booked_in_the_demo_is_never_closed_for_them(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    set_scene(crew, NOW)
    theirs = Appointment.objects.filter(starts_at__gt=NOW, status=Status.SCHEDULED).latest("starts_at")
    Appointment.objects.filter(pk=theirs.pk).update(public_id="7e0f8f0c-5a52-4c36-9d0f-0f3a5d0d9c11")
    write_everything(crew, NOW + timedelta(days=2))
    theirs.refresh_from_db()
    assert not is_ours(theirs.public_id)
    assert theirs.status == Status.SCHEDULED


def test_colours_were_completed_with_their_sheets(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    for day in (date(2026, 11, 19), date(2026, 11, 20)):
        write_day(crew, day, NOW)
    completed = Appointment.objects.filter(status=Status.COMPLETED, segments__service__asks_job_sheet=True).distinct()
    assert completed.count() > 0
    assert JobSheet.objects.filter(appointment__in=completed).count() == completed.count()


def test_a_few_past_and_coming_visits_were_moved_and_their_history_tells_so(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    for day in (date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 25), date(2026, 11, 26)):
        write_day(crew, day, NOW)
    access = crew.front_desk(NOW)
    moved = Move.objects.select_related("appointment")
    assert moved.filter(appointment__ends_at__lt=NOW).exists()
    assert moved.filter(appointment__starts_at__gt=NOW).exists()
    assert moved.count() < Appointment.objects.count() * 0.15
    for move in moved:
        visit = move.appointment
        assert move.to_starts_at == visit.starts_at != move.from_starts_at
        assert visit.created_at < move.at < min(NOW, move.from_starts_at, move.to_starts_at)
        with override("en"):
            told = [line.sentence for line in record_history(access, visit)]
        assert sum("Moved by" in sentence for sentence in told) == 1
        assert told[-1] == "Booked"


def test_nobody_gets_letters_about_visits_of_the_demos_own_making(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    set_scene(crew, NOW)
    assert Message.objects.exclude(recipient="").exists()
    assert not Message.objects.filter(state=Message.State.WAITING).exists()


def test_a_visitor_who_switches_services_off_finds_the_demo_starting_all_the_same(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    set_scene(crew, NOW)
    switch_module(crew.administrator(NOW), "services", False)
    before = all_visits()
    write_day(Crew(SMALL, crew.organisation), date(2026, 11, 25), NOW)
    assert all_visits() == before


def service_of(sold: Sold, founded: date) -> Service:
    """Return the service as it stands in the catalogue, without a database."""
    first, last = sold.offered(founded)
    return Service(
        name=sold.name,
        usual=sold.usual,
        shortest=sold.shortest or sold.usual,
        longest=sold.longest or sold.usual,
        before=sold.before,
        after=sold.after,
        in_use=sold.in_use,
        offered_from=first,
        offered_until=last,
    )


@pytest.mark.parametrize("founded", [date(2026, 11, 24), date(2027, 1, 5), date(2027, 5, 3), date(2027, 8, 9)])
@pytest.mark.parametrize("plan", WITH_A_BOOK, ids=lambda plan: plan.slug)
def test_the_book_is_about_sixty_percent_full_all_year_round(plan: Plan, founded: date) -> None:
    services = {sold.name: service_of(sold, founded) for sold in plan.services}
    out = frozenset(sold.name for sold in plan.services if sold.outage)
    held = worked = 0
    for day in plan.window(founded):
        held += sum(length for one in wanted_visits(plan, day, services, out) for _service, length in one.services)
        for person in plan.people:
            if any(person.name in sold.by for sold in plan.services):
                worked += sum(closes - opens for opens, closes in (person.hours or plan.hours).get(day.weekday(), ()))
    assert 0.5 <= held / worked <= 0.7


@pytest.mark.parametrize("plan", WITH_A_BOOK, ids=lambda plan: plan.slug)
def test_nobody_comes_twice_a_day(plan: Plan) -> None:
    services = {sold.name: service_of(sold, date(2026, 11, 24)) for sold in plan.services}
    for number in range(30):
        wanted = wanted_visits(plan, date(2026, 11, 2) + timedelta(days=number), services, frozenset())
        customers = [one.customer for one in wanted if one.customer is not None]
        assert len(set(customers)) == len(customers)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.slug)
def test_every_customer_bears_a_name_of_its_own(plan: Plan) -> None:
    people = [described(plan, number, dice(plan.slug, "customer", number)) for number in range(plan.clientele.count)]
    names = [one.name for one in people if one.name]
    assert len(set(names)) == len(names)
    assert len({one.public_id for one in people}) == len(people)
