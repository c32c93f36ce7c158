"""Workload W: twenty people, ten services, ninety days of visits. Plain data, the same at every run of a day."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = "Europe/Paris"
GRID = 15
SERVICE_MINUTES = 30
#: Wall minutes of the two halves of a working day; between them is lunch.
HALVES = ((9 * 60, 13 * 60), (14 * 60, 18 * 60))
VISITS_IN_HALF = 4
#: Whole weeks, so that a past made by shifting keeps its weekdays, and longer than the days ahead.
BLOCK = timedelta(weeks=13)


@dataclass(frozen=True)
class Sizes:
    """How much is filled in, and how long is measured."""

    days: int = 90
    members: int = 20
    services: int = 10
    #: In the catalogue whose page is measured, after all else.
    catalogue: int = 500
    customers: int = 100_000
    #: Pasts of `days` days each: in the database that everything is measured on, and in the one with a long history.
    past: int = 1
    long_past: int = 10
    blocks: int = 9
    searches: int = 40
    long_searches: int = 12
    seconds: float = 1.5
    bookings: int = 120
    pairs: int = 9
    race_rounds: int = 60
    duel_rounds: int = 500
    pages: int = 20
    lookups: int = 80
    #: Fields of an organisation's own in one form.
    fields: int = 200
    #: In all, where what is seen follows from the tree of roles.
    visits: int = 1_000_000


FULL = Sizes()
QUICK = Sizes(
    days=40,
    customers=5_000,
    blocks=3,
    searches=20,
    long_searches=6,
    seconds=0.8,
    bookings=60,
    pairs=5,
    race_rounds=4,
    duel_rounds=20,
    pages=8,
    lookups=30,
    visits=50_000,
)
TINY = Sizes(
    days=40,
    members=2,
    services=1,
    catalogue=12,
    customers=30,
    blocks=1,
    searches=2,
    long_searches=2,
    seconds=0.2,
    bookings=3,
    pairs=1,
    race_rounds=1,
    duel_rounds=2,
    pages=2,
    lookups=4,
    visits=500,
)


@dataclass(frozen=True)
class Stretch:
    """A time of one member's day: a visit, or a free place as long as the service."""

    member: int
    day: date
    minute: int
    length: int

    @property
    def start(self) -> datetime:
        """The instant in UTC."""
        wall = datetime.combine(self.day, datetime.min.time(), tzinfo=ZoneInfo(ZONE)) + timedelta(minutes=self.minute)
        return wall.astimezone(UTC)

    @property
    def end(self) -> datetime:
        return self.start + timedelta(minutes=self.length)


def working_days(first: date, count: int) -> list[date]:
    """Return those of `count` days from `first` on that are no Sunday."""
    days = (first + timedelta(days=number) for number in range(count))
    return [day for day in days if day.weekday() != 6]


def visits(sizes: Sizes, first: date) -> list[Stretch]:
    """Return eight visits of 30 or 45 minutes a member and day; together they fill 58.6 % of the hours."""
    return [visit for visits, _free in _days(sizes, first) for visit in visits]


def free_places(sizes: Sizes, first: date, since: date) -> list[Stretch]:
    """Return places of 30 minutes free from `since` on, none touching the time of another, in a mixed order."""
    places = [place for _visits, free in _days(sizes, first) for place in free if place.day >= since]
    random.Random(2).shuffle(places)
    return places


def _days(sizes: Sizes, first: date) -> Iterator[tuple[list[Stretch], list[Stretch]]]:
    chance = random.Random(1)
    for number, day in enumerate(working_days(first, sizes.days)):
        for member in range(sizes.members):
            # 2.75 long ones of eight make the 58.6 %.
            long = 2 if (number + member) % 4 == 0 else 3
            lengths = [45] * long + [30] * (2 * VISITS_IN_HALF - long)
            chance.shuffle(lengths)
            taken: list[Stretch] = []
            free: list[Stretch] = []
            for half, (opens, closes) in enumerate(HALVES):
                mine = lengths[half * VISITS_IN_HALF : (half + 1) * VISITS_IN_HALF]
                gaps = [0] * (VISITS_IN_HALF + 1)
                for _quarter in range((closes - opens - sum(mine)) // GRID):
                    gaps[chance.randrange(len(gaps))] += GRID
                at = opens
                for gap, length in zip(gaps, [*mine, 0], strict=True):
                    free += [
                        Stretch(member, day, at + begun, SERVICE_MINUTES)
                        for begun in range(0, gap - SERVICE_MINUTES + 1, SERVICE_MINUTES)
                    ]
                    at += gap
                    if length:
                        taken.append(Stretch(member, day, at, length))
                    at += length
            yield taken, free
