"""Outside the hours: what somebody who may do so overrides knowingly, and the answer then.

Only hours can be overridden. An absence, a service that is paused or gone, and time that is taken stay what they are.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from carnet.scheduling.question import LONGEST_HOLD, Question
from carnet.scheduling.rules import refusals
from carnet.scheduling.slots import Choice, choose
from carnet.scheduling.spans import Span

#: The hours of the business and its closed days, of a service, of a member.
OVERRIDABLE: Final = frozenset({"business_open", "service_hours", "at_work"})


def choose_knowing(question: Question, start: datetime, provider: int | None, outside: Collection[str]) -> Choice:
    """Choose as `choose` does, and where that cannot be, as if the rules in `outside` said yes.

    They are told as `overridden`. Where a rule that is not in `outside` says no as well, the refusals are those of
    `choose`. Nothing more is done where the answer is yes anyway, or nothing may be overridden.
    """
    choice = choose(question, start, provider)
    if not choice.refusals or not outside:
        return choice
    knowing = _always_open(question, start, provider)
    return knowing if knowing.overridden and {one.rule for one in knowing.overridden} <= {*outside} else choice


def _always_open(question: Question, start: datetime, provider: int | None) -> Choice:
    """Choose as if the business, the services and everybody were there all day long."""
    reach = timedelta(minutes=LONGEST_HOLD)
    always = (Span(start - reach, start + reach),)
    opened = replace(
        question,
        business=always,
        people={pk: replace(person, at_work=always) for pk, person in question.people.items()},
        steps=tuple(replace(step, offer=replace(step.offer, hours=None)) for step in question.steps),
    )
    choice = choose(opened, start, provider)
    if choice.refusals:
        return choice
    return replace(choice, overridden=refusals(question, start, choice.people))
