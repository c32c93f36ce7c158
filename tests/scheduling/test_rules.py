"""Every rule of booking: when it says no, from when to when, and what instead."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from carnet.scheduling.question import Question, Step
from carnet.scheduling.rules import RULES, Refusal, refusals

from .cast import COLOUR, DAY, HAIRCUT, HUGO, LEA, PARIS, ROOM, ask, at, haircut, person, span, week_of

SUNDAY, MONDAY = date(2026, 6, 21), date(2026, 6, 22)


def why_not(question: Question, start: datetime, *people: int) -> dict[str, Refusal]:
    """Return the refusals by rule; of one rule there is only one here."""
    found = refusals(question, start, people or (LEA,))
    assert len({refusal.rule for refusal in found}) == len(found)
    return {refusal.rule: refusal for refusal in found}


def test_the_list_of_rules_is_what_it_was():
    assert [rule.__name__ for rule in RULES] == [
        "not_in_the_past",
        "enough_notice",
        "within_horizon",
        "right_length",
        "in_use",
        "offered_then",
        "not_unavailable",
        "service_hours",
        "business_open",
        "provides",
        "at_work",
        "not_absent",
        "nobody_busy",
    ]


def test_a_free_hour_is_refused_by_nothing():
    assert refusals(ask(), at("10:00"), (LEA,)) == ()


class TestWhen:
    def test_the_past_is_refused_and_now_is_not(self):
        question = ask(now=at("10:00"))
        assert why_not(question, at("9:45")) == {
            "not_in_the_past": Refusal("not_in_the_past", free_at=at("10:00")),
        }
        assert why_not(question, at("10:00")) == {}

    def test_a_past_visit_can_be_recorded_but_not_on_top_of_another(self):
        question = ask(now=at("17:00"), allow_past=True, people=[person(LEA, span("9:00", "9:30"))])
        assert why_not(question, at("9:30")) == {}
        assert set(why_not(question, at("9:00"))) == {"nobody_busy"}

    def test_notice_is_cut_at_the_exact_instant(self):
        """(B10)"""
        question = ask(now=at("8:30") + timedelta(seconds=1), notice=timedelta(hours=1))
        refusal = why_not(question, at("9:30"))["enough_notice"]
        assert refusal.free_at == at("9:30") + timedelta(seconds=1)
        assert why_not(question, at("9:30") + timedelta(seconds=1)) == {}

    def test_notice_is_elapsed_time_on_the_night_when_clocks_change(self):
        """(B10)"""
        autumn = date(2026, 10, 25)
        always = week_of(autumn, weekly=dict.fromkeys(range(7), ((0, 1440),)))
        question = ask(
            now=at("1:00", autumn),
            notice=timedelta(hours=2),
            business=always,
            people=[person(LEA, at_work=always)],
        )
        assert set(why_not(question, at("2:30", autumn))) == {"enough_notice"}
        assert why_not(question, at("2:00", autumn, fold=1)) == {}

    def test_the_past_needs_no_second_reason(self):
        assert set(why_not(ask(now=at("10:00"), notice=timedelta(hours=1)), at("9:00"))) == {"not_in_the_past"}

    def test_the_horizon_itself_is_too_far(self):
        question = ask(horizon=at("15:00"))
        assert why_not(question, at("14:59")) == {}
        assert why_not(question, at("15:00"))["within_horizon"].facts == {"horizon": at("15:00")}


class TestTheService:
    @pytest.mark.parametrize("minutes", [10, 125])
    def test_a_length_outside_the_range_is_refused_with_the_range(self, minutes):
        refusal = why_not(ask(haircut(minutes=minutes)), at("9:00"))["right_length"]
        assert refusal.facts == {"shortest": 15, "longest": 120}

    @pytest.mark.parametrize("minutes", [15, 120])
    def test_the_ends_of_the_range_are_inside(self, minutes):
        assert why_not(ask(haircut(minutes=minutes)), at("9:00")) == {}

    def test_a_service_not_in_use_is_refused(self):
        assert set(why_not(ask(haircut(offer=replace(HAIRCUT, in_use=False))), at("9:00"))) == {"in_use"}

    def test_a_limited_period_is_about_the_start(self):
        seasonal = replace(HAIRCUT, starts=at("10:00"), ends=at("11:00"))
        question = ask(haircut(offer=seasonal))
        early = why_not(question, at("9:45"))["offered_then"]
        assert (early.free_at, early.facts) == (at("10:00"), {"starts": at("10:00")})
        assert why_not(question, at("10:00")) == {}
        assert why_not(question, at("10:45")) == {}
        late = why_not(question, at("11:00"))["offered_then"]
        assert (late.free_at, late.facts) == (None, {"ends": at("11:00")})

    def test_a_visit_overlapping_an_outage_by_a_minute_is_refused_until_its_end(self):
        question = ask(haircut(offer=replace(HAIRCUT, outages=(span("10:00", "11:00"),))))
        assert why_not(question, at("9:30")) == {}
        assert why_not(question, at("11:00")) == {}
        for start in ("9:31", "10:59"):
            assert why_not(question, at(start)) == {
                "not_unavailable": Refusal("not_unavailable", until=at("11:00"), free_at=at("11:00"))
            }

    def test_the_service_has_hours_of_its_own(self):
        question = ask(haircut(offer=replace(HAIRCUT, hours=(span("10:00", "11:00"), span("12:30", "16:00")))))
        refusal = why_not(question, at("10:45"))["service_hours"]
        # The business shuts at 13:00, so half an hour fits in at 12:30 sharp.
        assert (refusal.until, refusal.free_at) == (at("12:30"), at("12:30"))
        assert refusal.facts == {"closes": at("11:00")}
        refusal = why_not(question, at("9:00"))["service_hours"]
        assert (refusal.free_at, refusal.facts) == (at("10:00"), {})


class TestTheBusiness:
    def test_sunday_is_refused_with_the_opening_on_monday(self):
        refusal = why_not(ask(), at("10:00", SUNDAY))["business_open"]
        assert (refusal.until, refusal.free_at, refusal.facts) == (at("9:00", MONDAY), at("9:00", MONDAY), {})

    def test_a_visit_that_would_run_past_closing_time_says_when_that_is(self):
        refusal = why_not(ask(), at("17:45"))["business_open"]
        assert refusal.facts == {"closes": at("18:00")}
        assert refusal.free_at == at("9:00", DAY + timedelta(days=1))
        assert why_not(ask(), at("17:30")) == {}

    def test_it_closes_at_wall_time_after_a_visit_across_the_change_of_clocks(self):
        """(B3)"""
        spring = date(2026, 3, 29)
        night = week_of(spring, weekly={6: ((0, 240),)})
        question = ask(
            haircut(minutes=120), now=at("0:00", spring), business=night, people=[person(LEA, at_work=night)]
        )
        # Two hours from one o'clock end at four: the clocks jump over the hour between two and three.
        assert why_not(question, at("1:00", spring)) == {}
        assert set(why_not(question, at("1:05", spring))) == {"business_open", "at_work"}

    def test_after_the_last_known_opening_nothing_is_promised(self):
        refusal = why_not(ask(business=(span("9:00", "10:00"),)), at("11:00"))["business_open"]
        assert (refusal.until, refusal.free_at) == (None, None)


class TestThePeople:
    def test_somebody_who_does_not_provide_it_is_refused(self):
        assert why_not(ask(haircut(providers=(HUGO,))), at("10:00")) == {"provides": Refusal("provides", person=LEA)}

    def test_somebody_unknown_is_refused_rather_than_trusted(self):
        assert why_not(ask(), at("10:00"), 99) == {"provides": Refusal("provides", person=99)}

    def test_nobody_provides_and_attends_the_same_step(self):
        assert set(why_not(ask(haircut(attendees=(LEA,))), at("10:00"))) == {"provides"}

    def test_outside_her_hours_she_is_next_there_after_lunch(self):
        early = person(LEA, at_work=(span("9:00", "12:00"), span("14:00", "18:00")))
        refusal = why_not(ask(people=[early]), at("12:00"))["at_work"]
        assert (refusal.person, refusal.until, refusal.free_at) == (LEA, at("14:00"), at("14:00"))
        refusal = why_not(ask(people=[early]), at("11:45"))["at_work"]
        assert refusal.facts == {"closes": at("12:00")}

    def test_an_absence_is_refused_until_its_end(self):
        away = person(LEA, absent=(span("10:00", "11:00"),))
        refusal = why_not(ask(people=[away]), at("9:45"))["not_absent"]
        assert (refusal.until, refusal.free_at) == (at("11:00"), at("11:00"))
        assert why_not(ask(people=[away]), at("9:30")) == {}
        assert why_not(ask(people=[away]), at("11:00")) == {}

    def test_somebody_busy_is_refused_with_the_whole_stretch_and_the_next_free_time(self):
        booked = person(LEA, span("10:15", "10:45"), span("10:00", "10:15"), span("12:00", "12:30"))
        refusal = why_not(ask(people=[booked]), at("10:30"))["nobody_busy"]
        assert refusal == Refusal(
            "nobody_busy",
            person=LEA,
            until=at("10:45"),
            free_at=at("10:45"),
            facts={"since": at("10:00"), "until": at("10:45")},
        )

    def test_visits_that_touch_are_both_fine(self):
        booked = person(LEA, span("10:00", "10:30"))
        assert why_not(ask(people=[booked]), at("9:30")) == {}
        assert why_not(ask(people=[booked]), at("10:30")) == {}

    def test_buffers_overlap_though_the_visits_do_not(self):
        """(A5)"""
        booked = person(LEA, span("10:00", "10:30"))
        question = ask(haircut(before=10, after=5), people=[booked])
        assert set(why_not(question, at("9:30"))) == {"nobody_busy"}
        assert why_not(question, at("9:25")) == {}
        assert why_not(question, at("10:35"))["nobody_busy"].free_at == at("10:40")
        assert why_not(question, at("10:40")) == {}

    def test_buffers_may_lie_outside_the_hours(self):
        """(A5)"""
        assert why_not(ask(haircut(before=15, after=15)), at("9:00")) == {}
        assert why_not(ask(haircut(before=15, after=15)), at("17:30")) == {}

    def test_the_next_free_time_has_room_for_the_whole_step_and_its_buffers(self):
        """(A5)"""
        booked = person(LEA, span("9:00", "10:00"), span("10:30", "11:00"), span("11:45", "12:00"))
        question = ask(haircut(before=5, after=10), people=[booked])
        assert why_not(question, at("9:00"))["nobody_busy"].free_at == at("11:05")
        booked = person(LEA, span("9:00", "10:00"), span("10:40", "11:00"))
        assert why_not(replace(question, people={**question.people, LEA: booked}), at("9:00"))[
            "nobody_busy"
        ].free_at == at("11:05")

    def test_the_next_free_time_heeds_what_else_would_refuse_it(self):
        booked = person(LEA, span("9:00", "10:00"))
        question = ask(people=[booked])
        later = replace(question, now=at("9:15"), notice=timedelta(hours=2))
        recorded = replace(later, allow_past=True)
        outage = ask(haircut(offer=replace(HAIRCUT, outages=(span("10:15", "12:00"),))), people=[booked])
        hours = ask(
            haircut(offer=replace(HAIRCUT, hours=(span("9:00", "10:20"), span("14:30", "16:00")))), people=[booked]
        )
        seasonal = ask(haircut(offer=replace(HAIRCUT, starts=at("15:00"))), people=[booked])
        over = ask(haircut(offer=replace(HAIRCUT, ends=at("10:00"))), people=[booked])
        near = ask(horizon=at("10:00"), people=[booked])
        expected = [
            (question, at("10:00")),
            (later, at("11:15")),
            (recorded, at("10:00")),
            (outage, at("12:00")),
            (hours, at("14:30")),
            (seasonal, at("15:00")),
            (over, None),
            (near, None),
        ]
        for asked, free_at in expected:
            assert why_not(asked, at("9:30"))["nobody_busy"].free_at == free_at

    def test_a_room_in_use_is_refused_like_a_person(self):
        question = ask(haircut(attendees=(ROOM,)), people=[person(ROOM, span("10:00", "11:00"))])
        refusal = why_not(question, at("10:30"))["nobody_busy"]
        assert (refusal.person, refusal.free_at) == (ROOM, at("11:00"))

    def test_a_walk_in_is_judged_to_the_second(self):
        now = at("10:07") + timedelta(seconds=33, microseconds=250_000)
        until = at("10:07") + timedelta(seconds=33)
        booked = replace(person(LEA), busy=((int(at("9:30").timestamp()), int(until.timestamp())),))
        assert why_not(ask(now=now, people=[booked]), now) == {}
        a_second_more = replace(booked, busy=((int(at("9:30").timestamp()), int(until.timestamp()) + 1),))
        assert set(why_not(ask(now=now, people=[a_second_more]), now)) == {"nobody_busy"}


class TestTheWholeVisit:
    def test_the_second_step_starts_when_the_first_ends(self):
        question = ask(haircut(), Step(COLOUR, 60, providers=(HUGO,)), people=[person(HUGO, span("10:00", "11:00"))])
        refusal = why_not(question, at("9:45"), LEA, HUGO)["nobody_busy"]
        assert (refusal.step, refusal.person, refusal.free_at) == (1, HUGO, at("11:00"))
        assert why_not(question, at("10:30"), LEA, HUGO) == {}

    def test_all_reasons_are_told_of_all_steps(self):
        colour = Step(replace(COLOUR, in_use=False), 20, providers=(HUGO,))
        question = ask(haircut(), colour, people=[person(LEA, span("12:30", "13:00"))])
        found = [
            (refusal.rule, refusal.step, refusal.person) for refusal in refusals(question, at("12:45"), (LEA, LEA))
        ]
        assert found == [
            ("business_open", 0, None),
            ("right_length", 1, None),
            ("in_use", 1, None),
            ("business_open", 1, None),
            ("at_work", 0, LEA),
            ("nobody_busy", 0, LEA),
            ("provides", 1, LEA),
            ("at_work", 1, LEA),
        ]

    def test_one_provider_is_named_for_each_step(self):
        with pytest.raises(ValueError):
            refusals(ask(haircut(), haircut()), at("10:00"), (LEA,))


class TestQuestionsThatMakeNoSense:
    def test_a_step_lasts(self):
        for changes in ({"minutes": 0}, {"minutes": -5}, {"before": -5}, {"after": -1}, {"after": 2880}):
            with pytest.raises(ValueError):
                haircut(**changes)

    def test_a_visit_has_a_step(self):
        with pytest.raises(ValueError):
            Question(at("8:00"), PARIS, week_of(), {}, ())

    def test_everyone_who_is_asked_for_is_known(self):
        with pytest.raises(ValueError):
            ask(haircut(attendees=(99,)))

    def test_notice_is_not_negative(self):
        with pytest.raises(ValueError):
            ask(notice=timedelta(minutes=-1))
