"""The laws that hold for every question: what is offered can be booked, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, note
from hypothesis import strategies as st

from carnet.scheduling.holds import holds
from carnet.scheduling.hours import starts_on_grid
from carnet.scheduling.question import Question
from carnet.scheduling.rules import refusals
from carnet.scheduling.slots import choose, first_starts, free_starts
from carnet.scheduling.spans import Span

from .cast import seconds
from .law import law
from .reference import MINUTE, broken_rules, covered
from .strategies import instants_of, questions


def instant_of(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def quarter_of(within: Span, which: int) -> Span:
    """Return one of eight parts of a day: enough starts to compare, few enough to compare them slowly."""
    part = within.length / 8
    return Span(within.start + which * part, within.start + (which + 1) * part)


def test_most_questions_have_an_answer():
    """Else the laws below would hold because nothing is ever offered."""
    answered = []

    @law(100)
    @given(questions())
    def ask(asked: tuple[Question, Span]) -> None:
        question, within = asked
        answered.append(len(question.steps) if free_starts(question, within) else 0)

    ask()
    # Hypothesis draws constants from whatever modules are loaded, so the shares move a little between runs.
    assert len([steps for steps in answered if steps]) > len(answered) / 5
    assert len([steps for steps in answered if steps > 1]) > len(answered) / 12


@law(120)
@given(questions(), st.integers(0, 7))
def test_offered_is_bookable_and_bookable_is_offered(asked, which):
    """(B9, A5)"""
    question, within = asked
    within = quarter_of(within, which)
    offered = {slot.start: slot.providers for slot in free_starts(question, within)}
    assert list(offered) == sorted(offered)
    for second in starts_on_grid(within, question.zone, question.grid):
        start = instant_of(second)
        for who in question.people:
            choice = choose(question, start, who)
            assert (who in offered.get(second, ())) == (not choice.refusals), (start, who, choice)
        assert (second in offered) == (not choose(question, start).refusals)
    assert offered.keys() <= set(starts_on_grid(within, question.zone, question.grid))


@law(120)
@given(questions())
def test_all_that_is_offered_is_right_by_the_plain_reading_of_the_rules(asked):
    """(B1, B3, B4, B5, B10, A5)"""
    question, within = asked
    offered = {slot.start: slot.providers for slot in free_starts(question, within)}
    for second in starts_on_grid(within, question.zone, question.grid):
        right = tuple(who for who in question.steps[0].providers if not broken_rules(question, instant_of(second), who))
        assert offered.get(second, ()) == right, instant_of(second)


@law(130)
@given(questions(), st.data())
def test_refusals_name_exactly_the_rules_that_are_broken_at_any_second(asked, data):
    question, within = asked
    start = data.draw(instants_of(within))
    for who in (None, *question.people):
        assert {refusal.rule for refusal in choose(question, start, who).refusals} == broken_rules(question, start, who)


@law(80)
@given(questions(), st.data())
def test_who_is_chosen_is_refused_by_nothing(asked, data):
    question, within = asked
    slots = free_starts(question, within)
    if not slots:
        return
    slot = data.draw(st.sampled_from(slots))
    for who in (None, *slot.providers):
        choice = choose(question, instant_of(slot.start), who)
        assert refusals(question, instant_of(slot.start), choice.people) == ()
        assert who in (None, choice.people[0])


@law(80)
@given(questions())
def test_all_that_is_offered_lies_inside_the_hours(asked):
    question, within = asked
    for slot in free_starts(question, within):
        for who in slot.providers:
            people = choose(question, instant_of(slot.start), who).people
            for step, span, provider in zip(
                question.steps, question.spans_from(instant_of(slot.start)), people, strict=True
            ):
                assert span.length == timedelta(minutes=step.minutes)
                assert covered(question.business, span.start, span.end)
                assert step.offer.hours is None or covered(step.offer.hours, span.start, span.end)
                assert covered(question.people[provider].at_work, span.start, span.end)


@law(50)
@given(questions(), st.data())
def test_bookings_one_after_the_other_never_overlap(asked, data):
    """(A2, A5)"""
    question, within = asked
    # The reference: every hold of everyone in one plain list.
    book: list[tuple[int, int, int]] = [
        (who, since, until) for who, person in question.people.items() for since, until in person.busy
    ]
    given_before = len(book)
    for _ in range(8):
        slots = free_starts(question, within)
        # Half of the attempts are at any second, as walk-ins are.
        if slots and data.draw(st.booleans()):
            start = instant_of(data.draw(st.sampled_from(slots)).start)
        else:
            start = data.draw(instants_of(within))
        choice = choose(question, start, data.draw(st.sampled_from((None, *question.people))))
        if choice.refusals:
            continue
        for hold in holds(question, start, choice.people):
            since, until = seconds(hold.span)
            overlapped = [one for one in book if one[0] == hold.person and one[1] < until and one[2] > since]
            assert overlapped == []
            book.append((hold.person, since, until))
        people = {
            who: replace(person, busy=tuple((since, until) for held, since, until in book if held == who))
            for who, person in question.people.items()
        }
        question = replace(question, people=people)
    note(f"{len(book) - given_before} holds")


@law(200)
@given(questions(plain=True), st.data())
def test_free_at_is_the_first_minute_at_which_she_can_take_it(asked, data):
    """(A5)"""
    question, within = asked
    question = replace(question, business=(Span(within.start - timedelta(days=2), within.end + timedelta(days=2)),))
    start = data.draw(instants_of(within)).replace(second=0)
    about_her = {"at_work", "not_absent", "nobody_busy"}
    for who in question.people:
        for refusal in choose(question, start, who).refusals:
            if refusal.rule in about_her:
                assert refusal.free_at == first_bookable(question, start, who, refusal.free_at)


def first_bookable(question: Question, start: datetime, who: int, told: datetime | None) -> datetime | None:
    """Try every minute, and the second `told`, up to two days on."""
    tried = [start + number * MINUTE for number in range(4 * 1440)]
    for moment in sorted({*tried, *([told] if told else [])}):
        if not broken_rules(question, moment, who):
            return moment
    return None


@law(60)
@given(questions(), st.integers(1, 40))
def test_a_search_in_two_parts_finds_what_one_search_finds(asked, minutes):
    """(B4)"""
    question, within = asked
    middle = within.start + timedelta(minutes=30 * minutes)
    apart = [
        *free_starts(question, Span(within.start, middle)),
        *free_starts(question, Span(middle, within.end)),
    ]
    assert apart == free_starts(question, within)


@law(120)
@given(questions())
def test_the_first_start_of_many_services_at_once_is_the_first_of_each(asked):
    """(B9) The catalogue says when each service can next be had; it must be what a search for that service says."""
    question, within = asked
    alone = [free_starts(replace(question, steps=(step,)), within)[:1] for step in question.steps]
    assert [[slot] if slot else [] for slot in first_starts(question, within)] == alone
