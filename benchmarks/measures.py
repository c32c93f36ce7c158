"""The measures: each asks the product and, in turns, what it is compared with, and returns its figures.

The machine is never as quiet twice. So a figure is judged by what was measured beside it in the same run: blocks of
both alternate, and the ratio that counts is the median of the ratios of neighbouring blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from statistics import median
from urllib.parse import quote

from benchmarks.figures import Figure, at_least, at_most, milliseconds, percentile, typical_ratio
from benchmarks.filling import SLUG, midnight, name_of, phone_of
from benchmarks.load import Connection, Crowd, Volley, get, post
from benchmarks.serving import SEARCHED, Stage, deadlocks, in_product, with_long_past
from benchmarks.workload import Stretch, working_days

API = f"/api/v1/o/{SLUG}"
#: How the page's script asks for a sheet.
SHEET = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "sheet"}
CROWD = 8
ROUND = 50


class Failed(Exception):
    """The product, or the bare code, answered something that is not right."""


def search_product(stage: Stage, first: date, last: date) -> bytes:
    path = f"{API}/availability?service={stage.filled.service}&from={first}&to={last}"
    return get(path, **credentials(stage))


def search_limit(first: date, last: date) -> bytes:
    return get(f"/search?from={midnight(first)}&to={midnight(last + timedelta(days=1))}")


def credentials(stage: Stage) -> dict[str, str]:
    return {"Authorization": f"Bearer {stage.filled.token}"}


def day_asked(stage: Stage) -> date:
    """Return a full working day within the month that nothing is booked in."""
    return working_days(stage.first, 14)[8]


class Blocks:
    """Median times of several requests in blocks that take turns."""

    def __init__(self, blocks: int, size: int, **asked: tuple[int, bytes]) -> None:
        connections = {name: Connection(port) for name, (port, _request) in asked.items()}
        self.times: dict[str, list[list[float]]] = {name: [] for name in asked}
        try:
            for block in range(blocks + 1):
                for name, (_port, request) in asked.items():
                    answers = [connections[name].ask(request) for _ in range(size)]
                    if any(answer.status != 200 for answer in answers):
                        raise Failed(f"{name} answered {answers[-1].status}: {answers[-1].body[:300]!r}")
                    # The first block warms up.
                    if block:
                        self.times[name].append([answer.seconds for answer in answers])
        finally:
            for connection in connections.values():
                connection.close()

    def quickest(self, name: str) -> float:
        """Return what a request took at best: what it costs where nothing disturbs it."""
        return min(map(min, self.times[name]))

    def p50(self, name: str) -> float:
        return median(self._medians(name))

    def ratio(self, above: str, below: str) -> float:
        return typical_ratio(self._medians(above), self._medians(below))

    def _medians(self, name: str) -> list[float]:
        return [median(block) for block in self.times[name]]


def at_best(blocks: Blocks) -> str:
    ratio = blocks.quickest("product") / blocks.quickest("row")
    return f"{milliseconds(blocks.quickest('product'))} = {ratio:.1f} ×"


def same_answers(stage: Stage, first: date, last: date) -> None:
    """Raise unless the product and the limit find the very same free starts and people."""
    told = []
    for port, request in (
        (stage.product.port, search_product(stage, first, last)),
        (stage.bare.port, search_limit(first, last)),
    ):
        connection = Connection(port)
        told.append(connection.ask(request))
        connection.close()
    if told[0].status != 200 or told[0].json() != told[1].json():
        raise Failed(f"product and limit disagree on {first} to {last}: {told[0].body[:300]!r} {told[1].body[:300]!r}")


def day_search(stage: Stage) -> list[Figure]:
    sizes, on, name = stage.sizes, day_asked(stage), stage.database
    same_answers(stage, on, on)
    asked, limit = search_product(stage, on, on), search_limit(on, on)
    bare, product = stage.bare.port, stage.product.port
    blocks = Blocks(
        sizes.blocks,
        sizes.searches,
        constant=(bare, get("/constant")),
        row=(bare, get("/row?id=1")),
        limit=(bare, limit),
        product=(product, asked),
    )
    times = blocks.ratio("product", "row")
    figures = [
        Figure(name, "F0, a constant, p50", milliseconds(blocks.p50("constant"))),
        Figure(name, "F1, one row, p50", milliseconds(blocks.p50("row"))),
        Figure(name, "limit, day search, p50", milliseconds(blocks.p50("limit"))),
        at_most(
            name,
            "day search, p50",
            times,
            8,
            f"{milliseconds(blocks.p50('product'))} = {times:.1f} × F1 (at best {at_best(blocks)})",
            "≤ 8 × F1",
            seconds=blocks.p50("product"),
            f1_seconds=blocks.p50("row"),
            limit_seconds=blocks.p50("limit"),
            best_seconds=blocks.quickest("product"),
            best_f1_seconds=blocks.quickest("row"),
        ),
    ]
    ours: list[float] = []
    theirs: list[float] = []
    with Crowd(product, CROWD) as at_product, Crowd(bare, CROWD) as at_bare:
        at_product.fire_for(asked, sizes.seconds / 2)
        at_bare.fire_for(limit, sizes.seconds / 2)
        for _ in range(sizes.blocks):
            ours.append(all_are(at_product.fire_for(asked, sizes.seconds), 200).rate)
            theirs.append(all_are(at_bare.fire_for(limit, sizes.seconds), 200).rate)
    share = typical_ratio(ours, theirs)
    return [*figures, *_rates(name, "day search", ours, theirs, share)]


def _rates(name: str, what: str, ours: list[float], theirs: list[float], share: float) -> list[Figure]:
    return [
        Figure(name, f"limit, {what} at {CROWD}", f"{median(theirs):.0f} /s"),
        at_least(
            name,
            f"{what} at {CROWD}",
            share,
            0.25,
            f"{median(ours):.0f} /s = {share:.0%} of the limit",
            "≥ 25 %",
            per_second=median(ours),
            limit_per_second=median(theirs),
        ),
    ]


def all_are(volley: Volley, status: int) -> Volley:
    if set(volley.statuses) - {status}:
        raise Failed(f"answers that are not {status}: {dict(volley.statuses)}")
    return volley


def month_search(stage: Stage) -> list[Figure]:
    sizes, name = stage.sizes, stage.database
    first, last = stage.first, stage.first + SEARCHED - timedelta(days=1)
    same_answers(stage, first + timedelta(days=1), last)
    blocks = Blocks(
        sizes.blocks,
        sizes.long_searches,
        row=(stage.bare.port, get("/row?id=1")),
        limit=(stage.bare.port, search_limit(first, last)),
        product=(stage.product.port, search_product(stage, first, last)),
    )
    times = blocks.ratio("product", "row")
    return [
        Figure(name, "limit, 30-day search, p50", milliseconds(blocks.p50("limit"))),
        at_most(
            name,
            "30-day search, p50",
            times,
            40,
            f"{milliseconds(blocks.p50('product'))} = {times:.1f} × F1 (at best {at_best(blocks)})",
            "≤ 40 × F1",
            seconds=blocks.p50("product"),
            f1_seconds=blocks.p50("row"),
            limit_seconds=blocks.p50("limit"),
            best_seconds=blocks.quickest("product"),
            best_f1_seconds=blocks.quickest("row"),
        ),
    ]


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
    return _rates(stage.database, "bookings", ours, theirs, typical_ratio(ours, theirs))


def history(stage: Stage) -> list[Figure]:
    """Compare with a copy of the database that has ten times the past visits."""
    sizes, on, name = stage.sizes, day_asked(stage), stage.database
    with with_long_past(stage) as other:
        days = (on.isoformat(), on.isoformat())
        short = in_product(stage.environment, "benchmarks.rows_read", *days)
        long = in_product(stage.twin_environment, "benchmarks.rows_read", *days)
        request = search_product(stage, on, on)
        pairs = Blocks(sizes.pairs, sizes.searches, short=(stage.product.port, request), long=(other.port, request))
    ratio = pairs.ratio("long", "short")
    return [
        Figure(
            name,
            "rows read, past × 10",
            f"{short['read']} and {long['read']} in {long['statements']} statements",
            "equal, bounded",
            short["read"] == long["read"] and bounded(long["plan"]),
            {"short": short["read"], "long": long["read"], "statements": long["statements"]},
        ),
        at_most(name, "day search, past × 10", ratio, 1.25, f"{ratio:.2f} ×", "≤ 1.25 ×"),
    ]


def bounded(plan: str) -> bool:
    """Return whether the plan reads claims by an index range with two bounds on the start."""
    return ("starts_at>?" in plan and "starts_at<?" in plan) or ("starts_at > " in plan and "starts_at < " in plan)


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


def day_page(stage: Stage) -> list[Figure]:
    on = day_asked(stage)
    cookie = {"Cookie": f"sessionid={stage.filled.session}"}
    page = (stage.product.port, get(f"/o/{SLUG}/day/{on}/", **cookie))
    blocks = Blocks(3, stage.sizes.pages, page=page)
    return [Figure(stage.database, "day page, p50", milliseconds(blocks.p50("page")))]


def catalogue(stage: Stage) -> list[Figure]:
    """Open the page of a large catalogue, with when each service can next be had."""
    count, name = stage.sizes.catalogue, stage.database
    in_product(stage.environment, "benchmarks.filling", "catalogue", str(count))
    request = get(f"/o/{SLUG}/services/", Cookie=f"sessionid={stage.filled.session}")
    connection = Connection(stage.product.port)
    told = connection.ask(request).body.decode()
    connection.close()
    lines, firsts = told.count('class="price-line '), told.count(" avec ")
    if lines != count or firsts < count * 0.8:
        raise Failed(f"the catalogue shows {lines} of {count} services, {firsts} with their next free start")
    blocks = Blocks(
        min(stage.sizes.blocks, 5),
        stage.sizes.pages,
        row=(stage.bare.port, get("/row?id=1")),
        page=(stage.product.port, request),
    )
    p50, times = blocks.p50("page"), blocks.ratio("page", "row")
    best = blocks.quickest("page")
    measured = f"{milliseconds(p50)} = {times:.0f} × F1 (at best {milliseconds(best)})"
    what = f"catalogue of {count}, p50"
    if name != "sqlite":
        return [Figure(name, what, measured, values={"value": p50, "times_f1": times, "best_seconds": best})]
    return [at_most(name, what, p50, 0.3, measured, "≤ 300 ms", times_f1=times, best_seconds=best)]


def lookups(stage: Stage) -> list[Figure]:
    """Find customers by part of a name and part of a number, as someone types while the phone rings."""
    sizes = stage.sizes
    number = [7_919 * step % sizes.customers for step in range(sizes.lookups)]
    figures = []
    for what, typed in (
        ("part of a name", [name_of(one).split("-")[0][2:] + " " + name_of(one).split("-")[1] for one in number]),
        ("part of a number", [phone_of(one)[3:] for one in number]),
        ("nobody’s name", [f"zzq{one}" for one in number]),
    ):
        requests = [get(f"{API}/customers?q={quote(text)}", **credentials(stage)) for text in typed]
        with Crowd(stage.product.port, 1) as person:
            person.fire(iter(requests[:5]))
            times = all_are(person.fire(iter(requests)), 200).times
        p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
        figures.append(
            at_most(
                stage.database,
                f"lookup among {sizes.customers:,}, {what}",
                p95,
                0.1,
                f"p50 {milliseconds(p50)}, p95 {milliseconds(p95)}",
                "p95 < 100 ms",
                p50=p50,
            )
        )
    return figures


def visibility(stage: Stage) -> list[Figure]:
    """Ask for the first page of each list as somebody whom the tree of roles lets see a part, and as the owner."""
    sizes = stage.sizes
    ways = in_product(stage.environment, "benchmarks.visibility", str(sizes.visits))
    day = day_asked(stage)
    pages = {
        "customers": ("", f"{API}/customers?q=dubois"),
        "appointments": ("", f"{API}/appointments?from={day}&to={day}"),
        "services": ("", f"{API}/services"),
        "activity": ("session", f"/o/{SLUG}/set-up/activity/"),
        "the day": ("session", f"/o/{SLUG}/day/{day}/"),
    }
    figures = []
    for what, (by, path) in pages.items():
        asked = {}
        for who in ("chief", "owner"):
            headers = {"Cookie": f"sessionid={ways[who + '_session']}"} if by else {}
            asked[who] = (
                stage.product.port,
                get(path, **(headers or {"Authorization": f"Bearer {ways[who + '_token']}"})),
            )
        blocks = Blocks(min(sizes.blocks, 5), sizes.pages, **asked)
        ratio = blocks.ratio("chief", "owner")
        measured = f"{milliseconds(blocks.p50('chief'))} = {ratio:.2f} × {milliseconds(blocks.p50('owner'))}"
        name = f"{what} seen by role, {sizes.visits:,} visits"
        figures.append(at_most(stage.database, name, ratio, 2, measured, "≤ 2 × an administrator’s"))
    return figures


def layouts(stage: Stage) -> list[Figure]:
    """Ask for the list of customers by own fields beside built-in ones, and for a form of many own fields."""
    sizes = stage.sizes
    ways = in_product(stage.environment, "benchmarks.layouts", str(sizes.fields))
    cookie = {"Cookie": f"sessionid={ways['session']}"}
    listed = f"/o/{SLUG}/customers/list"
    blocks = Blocks(
        min(sizes.blocks, 5),
        sizes.pages,
        row=(stage.bare.port, get("/row?id=1")),
        own=(stage.product.port, get(f"{listed}?{ways['size']}=3&sort={ways['weight']}", **cookie)),
        built_in=(stage.product.port, get(f"{listed}?language=fr&sort=-name", **cookie)),
        # As it is opened: the sheet alone, not the day beside it.
        form=(stage.product.port, get(f"/o/{SLUG}/appointments/{ways['visit']}/cancellation/", **cookie, **SHEET)),
    )
    ratio, times = blocks.ratio("own", "built_in"), blocks.ratio("form", "row")
    said = f"{milliseconds(blocks.p50('own'))} = {ratio:.2f} × {milliseconds(blocks.p50('built_in'))}"
    p50 = blocks.p50("form")
    return [
        at_most(
            stage.database,
            f"list of {sizes.customers:,} by own fields",
            ratio,
            3,
            said,
            "≤ 3 × by built-in columns",
            seconds=blocks.p50("own"),
        ),
        at_most(
            stage.database,
            f"form of {sizes.fields} own fields, p50",
            p50,
            0.15,
            f"{milliseconds(p50)} = {times:.0f} × F1",
            "≤ 150 ms",
            times_f1=times,
        ),
    ]


Measure = Callable[[Stage], list[Figure]]
MEASURES: dict[str, Measure] = {
    "day": day_search,
    "month": month_search,
    "booking": booking,
    "history": history,
    "race": race,
    "page": day_page,
    "lookup": lookups,
    # Last, because the others are about a business of ten services.
    "catalogue": catalogue,
    # After the others, because customers and cancellations are filled in otherwise.
    "layouts": layouts,
    # After the others: it fills in a long past.
    "visibility": visibility,
}
