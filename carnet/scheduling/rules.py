"""The rules of booking, one function each; the only place that decides whether a visit may take place.

A rule looks at one candidate and returns why not, or None. A new rule is a function, a place in one of the three lists
below, its tests, and a sentence for people in each language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from carnet.scheduling.openings import busy_stretches, earliest_start, first_fit, next_start, stretch_at
from carnet.scheduling.question import Person, Question, Step
from carnet.scheduling.seconds import at_seconds, ceil_seconds, floor_seconds
from carnet.scheduling.spans import Span, Spans, intersect, overlapping


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule that says no, to which step and because of whom.

    `until` is when the obstacle ends; `free_at` the first instant from which, as far as this rule's subject is
    concerned, the whole step fits. Both are None where that is never, or not within what the question tells.
    """

    rule: str
    step: int = 0
    person: int | None = None
    until: datetime | None = None
    free_at: datetime | None = None
    facts: Mapping[str, str | int | datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One step at one time, and for rules about people, one person for it; `provides` is False for attendees."""

    index: int
    step: Step
    span: Span
    person: int | None = None
    provides: bool = True


Rule: TypeAlias = Callable[[Question, Candidate], Refusal | None]


def not_in_the_past(question: Question, candidate: Candidate) -> Refusal | None:
    """A visit starts now or later, unless what has happened is being recorded."""
    if question.allow_past or candidate.span.start >= question.now:
        return None
    return Refusal("not_in_the_past", free_at=question.earliest)


def enough_notice(question: Question, candidate: Candidate) -> Refusal | None:
    """A visit is booked ahead by the notice asked for, to the instant (starting exactly then is in time)."""
    if question.allow_past or not question.now <= candidate.span.start < question.earliest:
        return None
    return Refusal("enough_notice", until=question.earliest, free_at=question.earliest)


def within_horizon(question: Question, candidate: Candidate) -> Refusal | None:
    """A visit starts before the horizon."""
    if question.horizon is None or candidate.span.start < question.horizon:
        return None
    return Refusal("within_horizon", facts={"horizon": question.horizon})


def right_length(question: Question, candidate: Candidate) -> Refusal | None:
    """A step lasts no less and no more than its service allows."""
    offer = candidate.step.offer
    if offer.shortest <= candidate.step.minutes <= offer.longest:
        return None
    return Refusal("right_length", candidate.index, facts={"shortest": offer.shortest, "longest": offer.longest})


def in_use(question: Question, candidate: Candidate) -> Refusal | None:
    """A service not in use cannot be booked."""
    return None if candidate.step.offer.in_use else Refusal("in_use", candidate.index)


def offered_then(question: Question, candidate: Candidate) -> Refusal | None:
    """A service offered for a limited period starts inside it."""
    offer, start = candidate.step.offer, candidate.span.start
    if offer.starts is not None and start < offer.starts:
        return Refusal(
            "offered_then", candidate.index, until=offer.starts, free_at=offer.starts, facts={"starts": offer.starts}
        )
    if offer.ends is not None and start >= offer.ends:
        return Refusal("offered_then", candidate.index, facts={"ends": offer.ends})
    return None


def not_unavailable(question: Question, candidate: Candidate) -> Refusal | None:
    """A step shares not one instant with a period in which its service is unavailable."""
    hit = overlapping(candidate.step.offer.outages, candidate.span)
    return Refusal("not_unavailable", candidate.index, until=hit[-1].end, free_at=hit[-1].end) if hit else None


def service_hours(question: Question, candidate: Candidate) -> Refusal | None:
    """A step lies whole inside the hours of its service, if it has its own."""
    hours = candidate.step.offer.hours
    if hours is None or _lies_inside(candidate.span, hours):
        return None
    return _closed("service_hours", question, candidate, hours, intersect(hours, question.business))


def business_open(question: Question, candidate: Candidate) -> Refusal | None:
    """A step lies whole inside the opening hours of the business."""
    if _lies_inside(candidate.span, question.business):
        return None
    return _closed("business_open", question, candidate, question.business, question.business)


def provides(question: Question, candidate: Candidate) -> Refusal | None:
    """Whoever does a step is one of those who provide its service, and is not already attending it."""
    if not candidate.provides:
        return None
    person, step = candidate.person, candidate.step
    # The same person twice would make a crew of two one person short.
    if person in step.providers and person not in step.attendees:
        return None
    return Refusal("provides", candidate.index, person)


def at_work(question: Question, candidate: Candidate) -> Refusal | None:
    """A person is held inside her working hours; buffers may lie outside."""
    person = _person(question, candidate)
    if person is None or _lies_inside(candidate.span, person.at_work):
        return None
    start = candidate.span.start
    return Refusal(
        "at_work",
        candidate.index,
        person.id,
        until=next_start(person.at_work, start),
        free_at=earliest_start(question, candidate.step, person, start),
        facts=_closing(person.at_work, start),
    )


def not_absent(question: Question, candidate: Candidate) -> Refusal | None:
    """A person is not held while away; buffers may lie in the absence."""
    person = _person(question, candidate)
    away = overlapping(person.absent, candidate.span) if person else ()
    if person is None or not away:
        return None
    free_at = earliest_start(question, candidate.step, person, candidate.span.start)
    return Refusal("not_absent", candidate.index, person.id, until=away[-1].end, free_at=free_at)


def nobody_busy(question: Question, candidate: Candidate) -> Refusal | None:
    """Nobody is held twice at once, buffers on both sides included; holds that only touch are fine."""
    person = _person(question, candidate)
    if person is None:
        return None
    # Claims are whole seconds, so rounding the instants outward changes no answer.
    since = floor_seconds(candidate.span.start) - candidate.step.before * 60
    until = ceil_seconds(candidate.span.end) + candidate.step.after * 60
    if not any(start < until and end > since for start, end in person.busy):
        return None
    first, last = next((start, end) for start, end in busy_stretches(person) if start < until and end > since)
    return Refusal(
        "nobody_busy",
        candidate.index,
        person.id,
        until=at_seconds(last),
        free_at=earliest_start(question, candidate.step, person, candidate.span.start),
        facts={"since": at_seconds(first), "until": at_seconds(last)},
    )


#: Asked once a visit, of its first step.
OF_THE_VISIT: tuple[Rule, ...] = (not_in_the_past, enough_notice, within_horizon)
#: Asked once a step.
OF_A_STEP: tuple[Rule, ...] = (
    right_length,
    in_use,
    offered_then,
    not_unavailable,
    service_hours,
    business_open,
)
#: Asked of everyone who is needed for a step.
OF_A_PERSON: tuple[Rule, ...] = (provides, at_work, not_absent, nobody_busy)

RULES: tuple[Rule, ...] = (*OF_THE_VISIT, *OF_A_STEP, *OF_A_PERSON)


def refusals(question: Question, start: datetime, people: tuple[int, ...]) -> tuple[Refusal, ...]:
    """Return every reason why the visit may not start at `start` with these providers, one for each step, in order."""
    if len(people) != len(question.steps):
        raise ValueError("one provider for each step")
    found = list(refusals_whoever_does_it(question, start))
    for index, provider in enumerate(people):
        found.extend(refusals_of(question, start, index, provider))
    return tuple(found)


def refusals_whoever_does_it(question: Question, start: datetime) -> Iterator[Refusal]:
    """Yield the refusals that no choice of providers can avoid: of the visit, of its steps, of their attendees."""
    candidates = _candidates(question, start)
    yield from _asked(OF_THE_VISIT, question, candidates[0])
    for candidate in candidates:
        yield from _asked(OF_A_STEP, question, candidate)
        for person in dict.fromkeys(candidate.step.attendees):
            attendee = Candidate(candidate.index, candidate.step, candidate.span, person, provides=False)
            yield from _asked(OF_A_PERSON, question, attendee)


def refusals_of(question: Question, start: datetime, index: int, provider: int) -> Iterator[Refusal]:
    """Yield why `provider` may not do the step of that index in a visit that starts at `start`."""
    step = _candidates(question, start)[index]
    yield from _asked(OF_A_PERSON, question, Candidate(index, step.step, step.span, provider))


def _candidates(question: Question, start: datetime) -> tuple[Candidate, ...]:
    spans = question.spans_from(start)
    return tuple(Candidate(index, step, spans[index]) for index, step in enumerate(question.steps))


def _asked(rules: tuple[Rule, ...], question: Question, candidate: Candidate) -> Iterator[Refusal]:
    for rule in rules:
        refusal = rule(question, candidate)
        if refusal is not None:
            yield refusal


def _lies_inside(span: Span, spans: Spans) -> bool:
    return any(opening.contains(span) for opening in overlapping(spans, span))


def _closed(rule: str, question: Question, candidate: Candidate, hours: Spans, possible: Spans) -> Refusal:
    start = candidate.span.start
    after = start if question.allow_past else max(start, question.earliest)
    return Refusal(
        rule,
        candidate.index,
        until=next_start(hours, start),
        free_at=first_fit(possible, after, candidate.step.length),
        facts=_closing(hours, start),
    )


def _closing(hours: Spans, start: datetime) -> dict[str, str | int | datetime]:
    """Return when the hours end into which `start` falls: then it is the end of the step that lies outside."""
    stretch = stretch_at(hours, start)
    return {"closes": stretch.end} if stretch else {}


def _person(question: Question, candidate: Candidate) -> Person | None:
    """Return whom the candidate would hold; None for somebody unknown, whom `provides` refuses."""
    return None if candidate.person is None else question.people.get(candidate.person)
