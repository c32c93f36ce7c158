"""What a day of a demo business looks like: who comes when, for what, to whom; the same in every demo."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from carnet.catalogue.models import Service
from carnet.demo.clientele import is_man
from carnet.demo.crew import dice
from carnet.demo.plans import Plan, Sold

GRID = 15


@dataclass(frozen=True)
class Wanted:
    """A visit that somebody is to ask for: its start in wall minutes, each service with its minutes."""

    number: int
    provider: str
    start: int
    services: tuple[tuple[Service, int], ...]
    #: The customer's number, None for a passer-by.
    customer: int | None


def wanted_visits(plan: Plan, day: date, services: Mapping[str, Service], blocked: frozenset[str]) -> list[Wanted]:
    """Return the visits of a day on which the business is open; `blocked` are services that cannot be had then."""
    roll = dice(plan.slug, day)
    customers = roll.sample(range(plan.clientele.count), plan.clientele.count)
    found: list[Wanted] = []
    for person in plan.people:
        offered = [
            sold
            for sold in plan.services
            if person.name in sold.by
            and sold.weight
            and sold.name not in blocked
            and _is_offered(services.get(sold.name), day)
        ]
        windows = (person.hours or plan.hours).get(day.weekday(), ())
        whose = {sold.name: sold.whose for sold in plan.services}
        for start, chosen in _walk(plan, roll, windows, offered, services):
            passer_by = plan.clientele.share_with_address < 1 and roll.random() < 0.04
            customer = None if passer_by else _next(customers, whose[chosen[0][0].name])
            found.append(Wanted(len(found), person.name, start, chosen, customer))
    return found


def _next(customers: list[int], whose: str) -> int | None:
    """Take the next customer of the day for whom such a service is."""
    for at, number in enumerate(customers):
        if not whose or is_man(number) == (whose == "men"):
            return customers.pop(at)
    return None


def _is_offered(service: Service | None, day: date) -> bool:
    return (
        service is not None
        and service.in_use
        and service.deleted_at is None
        and (service.offered_from is None or service.offered_from <= day)
        and (service.offered_until is None or day <= service.offered_until)
    )


def _walk(
    plan: Plan,
    roll: Random,
    windows: Sequence[tuple[int, int]],
    offered: Sequence[Sold],
    services: Mapping[str, Service],
) -> Iterator[tuple[int, tuple[tuple[Service, int], ...]]]:
    """Walk through somebody's day and leave as much of it free as the plan says, here more and there less."""
    share = plan.fullness + roll.uniform(-0.08, 0.08)
    worked = held = 0
    for opens, closes in windows:
        at = opens
        while True:
            fitting = [sold for sold in offered if _first_start(at, sold) + services[sold.name].usual <= closes]
            if not fitting:
                break
            if held > share * (worked + at - opens) + roll.choice((0, 15, 45)):
                at += GRID * roll.choice((1, 1, 2, 3))
                continue
            sold = roll.choices(fitting, [one.weight for one in fitting])[0]
            start = _first_start(at, sold)
            chosen = list(_chosen(roll, sold, start, closes, services))
            yield start, tuple(chosen)
            minutes = sum(length for _service, length in chosen)
            held += minutes
            at = start + minutes + chosen[-1][0].after
        worked += closes - opens


def _first_start(at: int, sold: Sold) -> int:
    return -(-(at + sold.before) // GRID) * GRID


def _chosen(
    roll: Random, sold: Sold, start: int, closes: int, services: Mapping[str, Service]
) -> Iterator[tuple[Service, int]]:
    service = services[sold.name]
    minutes = service.usual
    if service.has_range and roll.random() < 0.5:
        longest = min(service.longest, closes - start)
        minutes = roll.randrange(service.shortest, longest + 1, 30)
    yield service, minutes
    further = services.get(sold.goes_with)
    if further and further.in_use and start + minutes + further.usual <= closes and roll.random() < 0.25:
        yield further, further.usual
