"""Free starts: of a day, of thirty days, and with a long past."""

from __future__ import annotations

from datetime import date, timedelta

from benchmarks.figures import Figure, at_most, milliseconds, typical_ratio
from benchmarks.filling import midnight
from benchmarks.load import Connection, Crowd, get
from benchmarks.measures.asking import API, CROWD, Blocks, Failed, all_are, credentials, day_asked, rates
from benchmarks.serving import SEARCHED, Stage, in_product, with_long_past


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
    return [*figures, *rates(name, "day search", ours, theirs, share)]


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


def search_product(stage: Stage, first: date, last: date) -> bytes:
    path = f"{API}/availability?service={stage.filled.service}&from={first}&to={last}"
    return get(path, **credentials(stage))


def search_limit(first: date, last: date) -> bytes:
    return get(f"/search?from={midnight(first)}&to={midnight(last + timedelta(days=1))}")


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


def at_best(blocks: Blocks) -> str:
    ratio = blocks.quickest("product") / blocks.quickest("row")
    return f"{milliseconds(blocks.quickest('product'))} = {ratio:.1f} ×"


def bounded(plan: str) -> bool:
    """Return whether the plan reads claims by an index range with two bounds on the start."""
    return ("starts_at>?" in plan and "starts_at<?" in plan) or ("starts_at > " in plan and "starts_at < " in plan)
