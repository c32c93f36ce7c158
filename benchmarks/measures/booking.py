"""Bookings: how many a second, and many at once for one place."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from statistics import median

from benchmarks.figures import Figure, at_least, at_most, milliseconds, typical_ratio
from benchmarks.load import Crowd, Volley, post
from benchmarks.measures.asking import API, CROWD, ROUND, Failed, all_are, credentials, rates
from benchmarks.serving import Stage, deadlocks
from benchmarks.workload import Stretch


def booking(stage: Stage) -> list[Figure]:
    sizes = stage.sizes
    ours: list[float] = []
    theirs: list[float] = []
    with Crowd(stage.product.port, CROWD) as product, Crowd(stage.bare.port, CROWD) as bare:
        for block in range(sizes.blocks):
            # As many as fit into about the same time.
            at_product, at_bare = fresh(stage, sizes.bookings // 2), fresh(stage, sizes.bookings)
            one = all_are(product.fire(book_product(stage, place) for place in at_product), 201).rate
            other = all_are(bare.fire(book_limit(stage, place) for place in at_bare), 201).rate
            if block or sizes.blocks == 1:
                ours.append(one)
                theirs.append(other)
    return rates(stage.database, "bookings", ours, theirs, typical_ratio(ours, theirs))


def race(stage: Stage) -> list[Figure]:
    """Let many clients want one place at the same moment, in two server processes."""
    sizes, name = stage.sizes, stage.database
    won: list[Volley] = []
    rounds: list[float] = []
    bare_rounds: list[float] = []
    with Crowd(stage.product.port, ROUND) as product, Crowd(stage.bare.port, ROUND) as bare:
        for place in fresh(stage, sizes.race_rounds):
            volley = product.at_once([book_product(stage, place)] * ROUND)
            won.append(volley)
            rounds.append(volley.seconds)
            bare_rounds.append(bare.at_once([book_limit(stage, place)] * ROUND).seconds)
        for number, place in enumerate(fresh(stage, sizes.duel_rounds)):
            # Ever other pairs of connections, so that most pairs are held by two processes.
            pair = (number % ROUND, (number * 7 + 1) % ROUND)
            which = pair if pair[0] != pair[1] else (pair[0], (pair[0] + 1) % ROUND)
            won.append(product.at_once([book_product(stage, place)] * 2, which))
    many, duels = won[: sizes.race_rounds], won[sizes.race_rounds :]
    ratio = typical_ratio(rounds, bare_rounds)
    figures = [
        _judged(name, f"race, {ROUND} clients, {len(many)} rounds", many),
        _judged(name, f"race, 2 clients, {len(duels)} rounds", duels),
        at_most(
            name,
            f"race, a round of {ROUND}",
            ratio,
            5,
            f"{milliseconds(median(rounds))} = {ratio:.1f} × the bare guard’s",
            "≤ 5 ×",
            seconds=median(rounds),
            bare_seconds=median(bare_rounds),
        ),
    ]
    if stage.address:
        found = deadlocks(stage.address)
        figures.append(at_most(name, "race, deadlocks", found, 0, str(found), "0"))
    return figures


def _judged(name: str, what: str, volleys: list[Volley]) -> Figure:
    clean = sum(volley.statuses[201] == 1 and set(volley.statuses) <= {201, 409} for volley in volleys)
    broken = sum(count for volley in volleys for status, count in volley.statuses.items() if status not in (201, 409))
    twice = sum(volley.statuses[201] > 1 for volley in volleys)
    return at_least(
        name,
        what,
        clean,
        len(volleys),
        f"{clean} with one winner, {twice} with two, {broken} other answers",
        "one 201, else 409",
        double_bookings=twice,
        other_answers=broken,
    )


def book_product(stage: Stage, place: Stretch) -> bytes:
    body = {
        "service": stage.filled.service,
        "start": place.start.isoformat().replace("+00:00", "Z"),
        "member": stage.filled.members[place.member],
        "customer": stage.filled.customers[place.minute % len(stage.filled.customers)],
    }
    return post(f"{API}/appointments", body, **credentials(stage))


def book_limit(stage: Stage, place: Stretch) -> bytes:
    return post("/book", {"start": int(place.start.timestamp()), "resource": place.member})


def fresh(stage: Stage, count: int) -> Iterator[Stretch]:
    """Return the next free places; raises when the workload has no more."""
    places = list(islice(stage.places, count))
    if len(places) < count:
        raise Failed("the workload has no free place left")
    return iter(places)
