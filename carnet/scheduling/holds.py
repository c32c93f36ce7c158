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

    No two of them overlap for one person: buffers that reach into another step of the same visit are cut there, so
    that the database's guard against overlaps has nothing to say against a visit the rules have accepted.
    """
    found: list[Hold] = []
    free_from: dict[int, datetime] = {}
    spans = question.spans_from(start)
    for index, (step, span, provider) in enumerate(zip(question.steps, spans, people, strict=True)):
        for person in dict.fromkeys((provider, *step.attendees)):
            since = span.start - timedelta(minutes=step.before)
            until = span.end + timedelta(minutes=step.after)
            since = max(since, free_from.get(person, since))
            for later in range(index + 1, len(spans)):
                if person == people[later] or person in question.steps[later].attendees:
                    until = min(until, spans[later].start)
                    break
            free_from[person] = until
            found.append(Hold(index, person, Span(since, until), person == provider))
    return tuple(found)
