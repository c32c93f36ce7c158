"""What a visit holds: whose time, from when to when, buffers included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from carnet.scheduling.question import Question
from carnet.scheduling.spans import Span


@dataclass(frozen=True, slots=True)
class Hold:
    """One person, or one room, held for one step; `provides` tells who does the work from who is there as well."""

    step: int
    person: int
    span: Span
    provides: bool


def holds(question: Question, start: datetime, people: tuple[int, ...]) -> tuple[Hold, ...]:
    """Return what to claim for a visit that starts at `start`, with its provider for each step.

    Together they cover each person's steps with all their buffers, and no two of them overlap: so the database's guard
    has nothing to say against a visit that the rules have accepted.
    """
    if len(people) != len(question.steps):
        raise ValueError("one provider for each step")
    needed = [(provider, *step.attendees) for provider, step in zip(people, question.steps, strict=True)]
    found: list[Hold] = []
    for person in dict.fromkeys(who for step in needed for who in step):
        mine = [index for index, step in enumerate(needed) if person in step]
        for index, span in zip(mine, _apart(question, start, mine), strict=True):
            found.append(Hold(index, person, span, provides=person == people[index]))
    # By step, whoever does the work first; the sort keeps the order of the attendees.
    return tuple(sorted(found, key=lambda hold: (hold.step, not hold.provides)))


def _apart(question: Question, start: datetime, mine: list[int]) -> list[Span]:
    """Return what these steps need of one person, buffers cut where they reach into other steps or buffers of hers."""
    work = [question.spans_from(start)[index] for index in mine]
    steps = [question.steps[index] for index in mine]
    since = [span.start - timedelta(minutes=step.before) for span, step in zip(work, steps, strict=True)]
    until = [span.end + timedelta(minutes=step.after) for span, step in zip(work, steps, strict=True)]
    # A buffer longer than the step it reaches into goes on behind that step, and must not be lost.
    for later in range(1, len(work)):
        until[later] = max(until[later], until[later - 1])
        until[later - 1] = min(until[later - 1], work[later].start)
    for later in range(len(work) - 1, 0, -1):
        since[later - 1] = min(since[later - 1], since[later])
        since[later] = max(since[later], work[later - 1].end, until[later - 1])
    return [Span(*bounds) for bounds in zip(since, until, strict=True)]
