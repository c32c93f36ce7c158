"""What a visit holds, and that it never overlaps itself."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.scheduling.holds import Hold, holds
from carnet.scheduling.question import Question
from carnet.scheduling.spans import Span, merge

from .cast import HUGO, LEA, ROOM, ask, at, haircut, span
from .law import law
from .strategies import instants_of, questions


def test_a_hold_has_its_buffers_around_it():
    assert holds(ask(haircut(before=5, after=10)), at("10:00"), (LEA,)) == (Hold(0, LEA, span("9:55", "10:40"), True),)


def test_a_room_is_held_as_long_as_its_provider():
    question = ask(haircut(after=10, attendees=(ROOM, ROOM)))
    assert holds(question, at("10:00"), (LEA,)) == (
        Hold(0, LEA, span("10:00", "10:40"), True),
        Hold(0, ROOM, span("10:00", "10:40"), False),
    )


def test_buffers_between_two_steps_by_one_person_do_not_collide():
    """(A5)"""
    question = ask(haircut(before=5, after=10), haircut(before=5, after=10))
    assert holds(question, at("10:00"), (LEA, LEA)) == (
        Hold(0, LEA, span("9:55", "10:30"), True),
        Hold(1, LEA, span("10:30", "11:10"), True),
    )


def test_a_buffer_reaches_over_somebody_elses_step_until_her_own_next_work():
    question = ask(haircut(after=40), haircut(), haircut(before=15))
    assert [(hold.person, hold.span) for hold in holds(question, at("10:00"), (LEA, HUGO, LEA))] == [
        (LEA, span("10:00", "11:00")),
        (HUGO, span("10:30", "11:00")),
        (LEA, span("11:00", "11:30")),
    ]


def test_a_buffer_longer_than_the_next_step_goes_on_behind_it():
    """(A5)"""
    question = ask(haircut(after=40), haircut())
    assert [hold.span for hold in holds(question, at("10:00"), (LEA, LEA))] == [
        span("10:00", "10:30"),
        span("10:30", "11:10"),
    ]
    question = ask(haircut(), haircut(before=40))
    assert [hold.span for hold in holds(question, at("10:00"), (LEA, LEA))] == [
        span("9:50", "10:30"),
        span("10:30", "11:00"),
    ]


def test_one_provider_is_named_for_each_step():
    with pytest.raises(ValueError):
        holds(ask(haircut(), haircut()), at("10:00"), (LEA,))


@law(150)
@given(questions(), st.data())
def test_a_visit_never_overlaps_itself_and_holds_all_it_needs(asked, data):
    """(A5)"""
    question, within = asked
    start = data.draw(instants_of(within))
    people = tuple(data.draw(st.sampled_from(sorted(question.people))) for _ in question.steps)
    found = holds(question, start, people)
    for who in question.people:
        mine = sorted(hold.span for hold in found if hold.person == who)
        assert not any(before.overlaps(after) for before, after in itertools.pairwise(mine))
        assert merge(mine) == merge(needed(question, start, people, who))


def needed(question: Question, start: datetime, people: tuple[int, ...], who: int) -> list[Span]:
    """Return what each step needs of a person, buffers uncut."""
    spans = []
    for step, provider in zip(question.steps, people, strict=True):
        end = start + timedelta(minutes=step.minutes)
        if who == provider or who in step.attendees:
            spans.append(Span(start - timedelta(minutes=step.before), end + timedelta(minutes=step.after)))
        start = end
    return spans
