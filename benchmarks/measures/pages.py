"""Pages and lists: the day, the catalogue, the lookup, what a role lets see, own fields."""

from __future__ import annotations

from urllib.parse import quote

from benchmarks.figures import Figure, at_most, milliseconds, percentile
from benchmarks.filling import SLUG, name_of, phone_of
from benchmarks.load import Connection, Crowd, get
from benchmarks.measures.asking import API, SHEET, Blocks, Failed, all_are, credentials, day_asked
from benchmarks.serving import Stage, in_product


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
