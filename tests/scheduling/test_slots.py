"""What is offered, and who is chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from carnet.scheduling.hours import day_span, local, starts_on_grid
from carnet.scheduling.question import Question, Step
from carnet.scheduling.rules import Refusal
from carnet.scheduling.slots import Choice, choose, free_starts
from carnet.scheduling.spans import Span

from .cast import COLOUR, DAY, HAIRCUT, HUGO, LEA, PARIS, ROOM, ask, at, haircut, person, span, week_of

ROUND_THE_CLOCK = dict.fromkeys(range(7), ((0, 1440),))


def offered(question: Question, within: Span | None = None) -> dict[str, tuple[int, ...]]:
    """Return the starts of the day as the wall clock shows them, with who can provide them."""
    slots = free_starts(question, within or day_span(DAY, PARIS))
    return {f"{local(datetime.fromtimestamp(slot.start, UTC), PARIS).time:%H:%M}": slot.providers for slot in slots}


def at_night(day: date, zone: str, *steps: Step, grid: int = 30) -> list[datetime]:
    """Return the starts offered by a business that never closes."""
    always = week_of(day, zone, ROUND_THE_CLOCK)
    question = Question(
        at("0:00", day - timedelta(days=1), zone), zone, always, {LEA: person(LEA, at_work=always)}, steps
    )
    return [
        datetime.fromtimestamp(slot.start, UTC)
        for slot in free_starts(replace(question, grid=grid), day_span(day, zone))
    ]


class TestOffers:
    def test_a_free_day_has_starts_from_opening_to_closing_less_the_length(self):
        starts = list(offered(ask(grid=60)))
        assert starts == ["09:00", "10:00", "11:00", "12:00", "14:00", "15:00", "16:00", "17:00"]

    def test_each_start_says_who_can(self):
        question = ask(people=[person(LEA, span("9:00", "12:30")), person(HUGO, span("9:30", "18:00"))])
        assert offered(question, span("9:00", "13:00")) == {"09:00": (HUGO,), "12:30": (LEA,)}

    def test_providers_are_told_in_the_order_of_the_service(self):
        assert offered(ask(haircut(providers=(HUGO, LEA))), span("9:00", "9:15")) == {"09:00": (HUGO, LEA)}

    def test_walk_ins_off_the_grid_block_no_more_than_they_must(self):
        held = (int(at("9:46").timestamp()) + 1, int(at("10:29").timestamp()) + 59)
        question = ask(haircut(providers=(LEA,)), people=[replace(person(LEA), busy=(held,))])
        assert list(offered(question, span("9:00", "10:45"))) == ["09:00", "09:15", "10:30"]

    def test_a_second_too_long_is_too_long(self):
        held = (int(at("10:00").timestamp()) - 1, int(at("10:30").timestamp()) + 1)
        question = ask(haircut(providers=(LEA,)), people=[replace(person(LEA), busy=(held,))])
        assert list(offered(question, span("9:15", "11:00"))) == ["09:15", "10:45"]

    def test_buffers_count_in_the_search_as_in_the_booking(self):
        """(A5)"""
        question = ask(haircut(providers=(LEA,), before=5, after=15), people=[person(LEA, span("10:00", "10:30"))])
        assert list(offered(question, span("9:00", "11:00"))) == ["09:00", "09:15", "10:45"]

    def test_notice_cuts_at_the_exact_instant(self):
        """(B10)"""
        asked_at = at("8:15")
        assert next(iter(offered(ask(now=asked_at, notice=timedelta(hours=1))))) == "09:15"
        a_moment_later = asked_at + timedelta(microseconds=1)
        assert next(iter(offered(ask(now=a_moment_later, notice=timedelta(hours=1))))) == "09:30"

    def test_the_horizon_cuts_before_its_instant(self):
        """(B10)"""
        assert list(offered(ask(horizon=at("9:30")))) == ["09:00", "09:15"]

    def test_nothing_is_offered_of_a_service_not_in_use_or_for_a_wrong_length(self):
        assert offered(ask(haircut(offer=replace(HAIRCUT, in_use=False)))) == {}
        assert offered(ask(haircut(minutes=10))) == {}
        assert offered(ask(haircut(minutes=125))) == {}

    def test_nothing_is_offered_when_nobody_provides(self):
        assert offered(ask(haircut(providers=()))) == {}

    def test_a_service_is_offered_around_its_outage(self):
        question = ask(haircut(offer=replace(HAIRCUT, outages=(span("9:20", "12:20"),))))
        assert list(offered(question, span("9:00", "13:00"))) == ["12:30"]

    def test_a_limited_period_is_about_the_start_of_that_step(self):
        new = Step(replace(COLOUR, starts=at("10:00"), ends=at("10:30")), 30, providers=(HUGO,))
        assert list(offered(ask(haircut(), new))) == ["09:30", "09:45"]

    def test_a_room_that_both_need_is_offered_once(self):
        question = ask(haircut(attendees=(ROOM,)), people=[person(ROOM, span("9:00", "12:30"))])
        assert offered(question, span("9:00", "13:00")) == {"12:30": (LEA, HUGO)}

    def test_a_chain_is_offered_when_somebody_can_do_each_step(self):
        colour = Step(COLOUR, 60, providers=(HUGO,))
        question = ask(haircut(providers=(LEA,)), colour, people=[person(HUGO, span("9:30", "11:00"))])
        assert offered(question, span("9:00", "12:00")) == dict.fromkeys(
            ("10:30", "10:45", "11:00", "11:15", "11:30"), (LEA,)
        )

    def test_a_length_that_is_no_multiple_of_five_minutes_is_answered_exactly(self):
        question = ask(haircut(minutes=47, providers=(LEA,)), people=[person(LEA, span("9:47", "10:30"))])
        assert next(iter(offered(question))) == "09:00"
        question = ask(haircut(minutes=48, providers=(LEA,)), people=[person(LEA, span("9:47", "10:30"))])
        assert next(iter(offered(question))) == "10:30"

    def test_the_past_is_offered_only_for_the_record(self):
        assert "09:00" not in offered(ask(now=at("16:00")))
        assert "09:00" in offered(ask(now=at("16:00"), allow_past=True))


class TestNightsWhenClocksChange:
    def test_a_start_in_the_gap_is_never_offered(self):
        """(B1)"""
        starts = at_night(date(2026, 3, 29), PARIS, haircut(providers=(LEA,)))
        assert len(starts) == 46
        assert not {"02:00", "02:30"} & {f"{local(start, PARIS).time:%H:%M}" for start in starts}

    def test_both_half_past_two_are_offered(self):
        """(B2)"""
        starts = at_night(date(2026, 10, 25), PARIS, haircut(providers=(LEA,)))
        assert len(starts) == 50
        folds = [local(start, PARIS).fold for start in starts if f"{local(start, PARIS).time:%H:%M}" == "02:30"]
        assert folds == [0, 1]

    def test_a_visit_across_the_change_lasts_as_long_as_any_other(self):
        """(B3)"""
        autumn = date(2026, 10, 25)
        night = week_of(autumn, weekly={6: ((0, 240),)})
        question = ask(
            haircut(minutes=60, providers=(LEA,)),
            now=at("0:00", autumn),
            business=night,
            people=[person(LEA, Span(at("1:30", autumn), at("2:30", autumn)), at_work=night)],
        )
        slots = free_starts(question, day_span(autumn, PARIS))
        assert datetime.fromtimestamp(slots[-1].start, UTC) == at("3:00", autumn)
        # Busy to the first half past two: free at once then, for it is an hour to the second.
        assert datetime.fromtimestamp(slots[3].start, UTC) == at("2:30", autumn, fold=0)

    def test_zones_of_odd_minutes(self):
        """(B5)"""
        lord_howe = at_night(date(2026, 10, 4), "Australia/Lord_Howe", haircut(providers=(LEA,)), grid=60)
        assert len(lord_howe) == 23
        assert {local(start, "Australia/Lord_Howe").time.minute for start in lord_howe} == {0}
        assert len(at_night(date(2026, 3, 29), "Antarctica/Troll", haircut(providers=(LEA,)), grid=60)) == 22
        assert len(at_night(date(2026, 10, 25), "Europe/Dublin", haircut(providers=(LEA,)), grid=60)) == 25
        assert len(at_night(date(2026, 6, 1), "Asia/Kathmandu", haircut(providers=(LEA,)), grid=60)) == 24

    def test_offsets_of_odd_seconds_long_ago(self):
        """(B5) On 7 January 1972 Liberia gave up an offset of 44 minutes and 30 seconds."""
        zone, first = "Africa/Monrovia", date(1972, 1, 5)
        always = week_of(first, zone, ROUND_THE_CLOCK)
        busy = Span(at("10:00", first, zone), at("10:30", first, zone))
        question = Question(
            at("0:00", first, zone),
            zone,
            always,
            {LEA: person(LEA, busy, at_work=always)},
            (haircut(providers=(LEA,)),),
        )
        days = Span(day_span(first, zone).start, day_span(date(1972, 1, 8), zone).end)
        found = [slot.start for slot in free_starts(question, days)]
        on_grid = starts_on_grid(days, zone, 15)
        assert len({start % 300 for start in on_grid}) == 2
        taken = {int(at(clock, first, zone).timestamp()) for clock in ("9:45", "10:00", "10:15")}
        assert found == [start for start in on_grid if start not in taken]


class TestChoices:
    def test_who_is_asked_for_is_chosen(self):
        assert choose(ask(load={LEA: 0, HUGO: 300}), at("10:00"), HUGO) == Choice(people=(HUGO,))

    def test_anyone_is_whoever_has_least_to_do(self):
        assert choose(ask(load={LEA: 60, HUGO: 30}), at("10:00")) == Choice(people=(HUGO,))

    def test_among_equals_the_order_of_the_service_decides(self):
        assert choose(ask(), at("10:00")) == Choice(people=(LEA,))
        assert choose(ask(haircut(providers=(HUGO, LEA)), load={LEA: 30, HUGO: 30}), at("10:00")).people == (HUGO,)

    def test_anyone_is_never_somebody_busy(self):
        assert choose(ask(people=[person(LEA, span("10:00", "10:30"))]), at("10:00")).people == (HUGO,)

    def test_later_steps_stay_with_who_is_there_whatever_the_load(self):
        question = ask(haircut(), haircut(), load={LEA: 0, HUGO: 400})
        assert choose(question, at("10:00"), HUGO).people == (HUGO, HUGO)

    def test_later_steps_are_done_by_anyone_else_when_she_cannot(self):
        question = ask(haircut(), haircut(), haircut(), people=[person(HUGO, span("10:30", "11:00"))])
        assert choose(question, at("10:00"), HUGO).people == (HUGO, LEA, HUGO)

    def test_with_nobody_free_the_refusals_of_everyone_are_told(self):
        booked = [person(LEA, span("10:00", "10:45")), person(HUGO, span("9:00", "11:00"))]
        choice = choose(ask(people=booked), at("10:15"))
        assert choice.people == ()
        assert [(refusal.rule, refusal.person, refusal.free_at) for refusal in choice.refusals] == [
            ("nobody_busy", LEA, at("10:45")),
            ("nobody_busy", HUGO, at("11:00")),
        ]

    def test_with_nobody_providing_it_that_is_the_reason(self):
        question = ask(haircut(), haircut(providers=()))
        assert choose(question, at("10:00")) == Choice(refusals=(Refusal("provides", 1),))

    def test_a_room_in_use_is_told_once_and_not_for_each_provider(self):
        question = ask(haircut(attendees=(ROOM,)), people=[person(ROOM, span("10:00", "10:30"))])
        assert [(refusal.rule, refusal.person) for refusal in choose(question, at("10:00")).refusals] == [
            ("nobody_busy", ROOM)
        ]
