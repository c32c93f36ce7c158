"""Questions of every kind, most of them about days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from carnet.scheduling.hours import WeeklyHours, day_span, open_spans
from carnet.scheduling.question import Offer, Person, Question, Step
from carnet.scheduling.spans import Span, Spans, merge

#: Zones and the days around which their clocks change (B3, B4, B5).
CHANGES: tuple[tuple[str, date], ...] = (
    ("Europe/Paris", date(2026, 3, 29)),
    ("Europe/Paris", date(2026, 10, 25)),
    ("Africa/Cairo", date(2026, 4, 24)),
    ("Africa/Cairo", date(2026, 10, 29)),
    ("America/Havana", date(2026, 3, 8)),
    ("America/Havana", date(2026, 11, 1)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("Asia/Beirut", date(2026, 10, 24)),
    ("America/Santiago", date(2026, 9, 6)),
    ("America/Santiago", date(2026, 4, 4)),
    ("Atlantic/Azores", date(2026, 3, 29)),
    ("Atlantic/Azores", date(2026, 10, 25)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Europe/Dublin", date(2026, 3, 29)),
    ("Europe/Dublin", date(2026, 10, 25)),
    ("Antarctica/Troll", date(2026, 3, 29)),
    ("Antarctica/Troll", date(2026, 10, 25)),
)
#: Days on which nothing changes, or something long ago did.
ODD_DAYS: tuple[tuple[str, date], ...] = (
    ("Asia/Kathmandu", date(2026, 6, 1)),
    ("America/Toronto", date(2026, 12, 31)),
    ("Pacific/Apia", date(2011, 12, 29)),
    ("Africa/Monrovia", date(1971, 12, 31)),
    ("UTC", date(2028, 2, 29)),
    ("Europe/Paris", date(2038, 1, 19)),
)

places = st.sampled_from(CHANGES + ODD_DAYS)
changes = st.sampled_from(CHANGES)


@st.composite
def windows(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    """Windows of one day, also past midnight and round the clock; they may touch and overlap."""
    found = []
    for _ in range(draw(st.integers(1, 3))):
        opens = 5 * draw(st.integers(0, 287))
        found.append((opens, opens + 5 * draw(st.integers(1, 288))))
    return tuple(found)


weekly_hours: st.SearchStrategy[WeeklyHours] = st.one_of(
    st.just(dict.fromkeys(range(7), ((0, 1440),))),
    st.just(dict.fromkeys(range(7), ((540, 780), (840, 1080)))),
    st.just(dict.fromkeys(range(7), ((1320, 1560),))),
    st.dictionaries(st.integers(0, 6), windows(), min_size=3),
)


@st.composite
def spans_in(draw: st.DrawFn, within: Span, most: int, unit: int = 60) -> Spans:
    """A few stretches inside `within`, at any multiple of `unit` seconds."""
    length = int(within.length.total_seconds()) // unit
    found = []
    for _ in range(draw(st.integers(0, most))):
        start = draw(st.integers(0, length - 1))
        end = draw(st.integers(start + 1, min(length, start + 5 * 3600 // unit)))
        found.append(Span(within.start + timedelta(seconds=unit * start), within.start + timedelta(seconds=unit * end)))
    return merge(found)


def in_seconds(spans: Spans) -> tuple[tuple[int, int], ...]:
    return tuple((int(span.start.timestamp()), int(span.end.timestamp())) for span in spans)


rarely = st.sampled_from((False,) * 7 + (True,))
often = st.sampled_from((True, True, True, False))


@st.composite
def questions(draw: st.DrawFn, *, plain: bool = False) -> tuple[Question, Span]:
    """A question and the local day it is about; `plain` is one short service at whole minutes, by one person or two.

    Obstacles are rare, each by itself: else hardly a visit would ever be possible, and the laws would say nothing.
    """
    zone, day = draw(places)
    before, after = day - timedelta(days=2), day + timedelta(days=2)
    within = day_span(day, zone)
    around = Span(within.start - timedelta(days=1), within.end + timedelta(days=1))
    always = open_spans(dict.fromkeys(range(7), ((0, 1440),)), before, after, zone)

    def open_then() -> Spans:
        return always if draw(often) else open_spans(draw(weekly_hours), before, after, zone)

    def moment(first: int, last: int) -> datetime:
        return within.start + timedelta(minutes=draw(st.integers(first, last)))

    # Walk-ins begin and end at any second, not on the grid.
    unit = 60 if plain else draw(st.sampled_from((1, 300)))
    people = {
        id: Person(
            id,
            open_then(),
            draw(spans_in(around, 1)) if draw(rarely) else (),
            in_seconds(draw(spans_in(around, 5, unit))),
        )
        for id in range(draw(st.integers(1, 2 if plain else 4)))
    }
    everyone = tuple(sorted(people))
    some = st.lists(st.sampled_from(everyone), unique=True).map(tuple)

    def step() -> Step:
        offer = Offer(
            id=1,
            in_use=plain or draw(often) or not draw(rarely),
            hours=open_then() if draw(rarely) else None,
            starts=moment(-600, 600) if draw(rarely) else None,
            ends=moment(300, 2000) if draw(rarely) else None,
            outages=draw(spans_in(around, 1)) if draw(rarely) else (),
            shortest=30 if not plain and draw(rarely) else 5,
        )
        unit = 1 if not plain and draw(rarely) else 5
        return Step(
            offer,
            unit * draw(st.integers(1, 18)),
            unit * draw(st.sampled_from((0, 0, 1, 4))),
            unit * draw(st.sampled_from((0, 0, 2, 6))),
            everyone if plain or draw(often) else draw(some),
            draw(some)[:1] if not plain and draw(rarely) else (),
        )

    now = moment(-600, 300) + timedelta(seconds=draw(st.sampled_from((0, 0, 17.5))))
    question = Question(
        now=now,
        zone=zone,
        business=open_then(),
        people=people,
        steps=tuple(step() for _ in range(1 if plain else draw(st.integers(1, 3)))),
        grid=draw(st.sampled_from((15, 15, 30, 60, 20, 25, 7, 45))),
        notice=timedelta(minutes=draw(st.sampled_from((0, 0, 61, 240)))),
        horizon=moment(300, 2000) if draw(rarely) else None,
        load={id: draw(st.integers(0, 3)) for id in people},
        allow_past=draw(rarely),
    )
    return question, within


def instants_of(within: Span) -> st.SearchStrategy[datetime]:
    """Any second of the day."""
    start = int(within.start.timestamp())
    return st.integers(start, int(within.end.timestamp()) - 1).map(lambda second: datetime.fromtimestamp(second, UTC))
