"""Writing the book: one short step after the other, each of which knows what the ones before it left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeVar

from carnet.appointments.models import Appointment
from carnet.base.unit_of_work import unit_of_work
from carnet.catalogue.models import Outage, Service
from carnet.customers.models import Customer
from carnet.demo import clientele, visits
from carnet.demo.crew import Crew, id_of
from carnet.demo.days import Wanted, wanted_visits
from carnet.demo.models import WrittenDay
from carnet.demo.plans import Plan
from carnet.resources.models import Closure
from carnet.scheduling import hours as wall

#: Visits of one transaction; together they take well under a second.
BATCH = 6

State = WrittenDay.State
ItemT = TypeVar("ItemT")


def nothing() -> None:
    """Between two transactions, by default: go on at once."""


def today(crew: Crew, now: datetime) -> date:
    return wall.local(now, crew.organisation.zone).date


def unwritten(plan: Plan, this_day: date) -> list[date]:
    """Return the days that are blank, or past and not closed, in the order in which to write them."""
    window = plan.window(this_day)
    known = dict(WrittenDay.objects.filter(on__range=(min(window), max(window))).values_list("on", "state"))
    return [day for day in window if day not in known or (day < this_day and known[day] == State.BOOKED)]


def write_customers(crew: Crew, now: datetime, rest: Callable[[], None] = nothing) -> None:
    """Enter all customers that are missing."""
    while clientele.add_customers(crew, now):
        rest()


def write_day(crew: Crew, day: date, now: datetime, rest: Callable[[], None] = nothing, *, leave: int = 0) -> None:
    """Book a day's visits and, if it is past, end all but the last `leave`; what is there already stays as it is."""
    over = day < today(crew, now)
    if not WrittenDay.objects.filter(on=day).exists():
        _book(crew, day, now, rest, ending=over and not leave)
    if over:
        waiting = [visit for visit in visits.visits_on(crew, day) if visits.is_open(visit)]
        end_visits(crew, waiting[: len(waiting) - leave], now, rest)
    state = State.BOOKED if not over else State.LEFT if leave else State.ENDED
    WrittenDay.objects.update_or_create(on=day, defaults={"organisation": crew.organisation, "state": state})


def _book(crew: Crew, day: date, now: datetime, rest: Callable[[], None], *, ending: bool) -> None:
    if Closure.objects.filter(on=day).exists():
        return
    wanted = wanted_visits(crew.plan, day, *_catalogue(crew, day))
    known = visits.visit_ids(crew, day, wanted)
    missing = [one for one in wanted if id_of(crew.plan, day, one.number) not in known]
    ids = {id_of(crew.plan, "customer", one.customer): one.customer for one in missing if one.customer is not None}
    people = {ids[who.public_id]: who for who in Customer.objects.filter(public_id__in=ids)}
    for batch in batches(missing):
        with unit_of_work():
            for one in batch:
                _book_one(crew, one, day, people, now, ending=ending)
        rest()


def _book_one(crew: Crew, one: Wanted, day: date, people: dict[int, Customer], now: datetime, *, ending: bool) -> None:
    customer = people.get(one.customer) if one.customer is not None else None
    visit = visits.book(crew, one, day, customer, now)
    if visit is not None and ending:
        visits.end(crew, visit, now)


def _catalogue(crew: Crew, day: date) -> tuple[dict[str, Service], frozenset[str]]:
    """Return the services by name, and the names of those that have an outage on that day."""
    services = {service.name: service for service in Service.objects.filter(deleted_at__isnull=True)}
    span = wall.day_span(day, crew.organisation.zone)
    out = Outage.objects.filter(starts_at__lt=span.end, ends_at__gt=span.start)
    return services, frozenset(out.values_list("service__name", flat=True))


def end_visits(crew: Crew, ended: Sequence[Appointment], now: datetime, rest: Callable[[], None] = nothing) -> None:
    """End these visits, a few in each transaction."""
    for batch in batches(ended):
        with unit_of_work():
            for visit in batch:
                visits.end(crew, visit, now)
        rest()


def batches(items: Sequence[ItemT]) -> Iterator[list[ItemT]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def around(day: date, days: int) -> list[date]:
    """Return a day and those around it, the nearest first."""
    return sorted((day + timedelta(days=n) for n in range(-days, days + 1)), key=lambda one: abs(one - day))
