"""The rules once more, as slowly and plainly as possible: what the engine is held against."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from carnet.scheduling.question import Question, Step
from carnet.scheduling.spans import Spans

MINUTE = timedelta(minutes=1)


def wall_clock(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def minutes_of_utc(first: date, last: date) -> list[datetime]:
    """Return every minute from the noon before `first` to the noon after `last` of UTC, and more on both sides."""
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=1, hours=15)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=3, hours=15)
    return [start + number * MINUTE for number in range(int((end - start) / MINUTE))]


def covered(spans: Spans, start: datetime, end: datetime) -> bool:
    """Tell whether the whole of [start, end) lies in one span."""
    return any(span.start <= start and end <= span.end for span in spans)


def touched(spans: Spans, start: datetime, end: datetime) -> bool:
    return any(span.start < end and start < span.end for span in spans)


def broken_rules_of_a_person(question: Question, step: Step, start: datetime, who: int, provides: bool) -> set[str]:
    broken = set()
    end = start + timedelta(minutes=step.minutes)
    held_from, held_until = start - timedelta(minutes=step.before), end + timedelta(minutes=step.after)
    person = question.people[who]
    if provides and (who not in step.providers or who in step.attendees):
        broken.add("provides")
    if not covered(person.at_work, start, end):
        broken.add("at_work")
    if touched(person.absent, start, end):
        broken.add("not_absent")
    for since, until in person.busy:
        if datetime.fromtimestamp(since, UTC) < held_until and datetime.fromtimestamp(until, UTC) > held_from:
            broken.add("nobody_busy")
    return broken


def broken_rules(question: Question, start: datetime, provider: int | None) -> set[str]:
    """Return the names of the rules that forbid a visit whose first step `provider` would do, others by anyone."""
    broken = set()
    if not question.allow_past:
        if start < question.now:
            broken.add("not_in_the_past")
        elif start < question.now + question.notice:
            broken.add("enough_notice")
    if question.horizon is not None and start >= question.horizon:
        broken.add("within_horizon")
    for index, step in enumerate(question.steps):
        offer, end = step.offer, start + timedelta(minutes=step.minutes)
        if not offer.shortest <= step.minutes <= offer.longest:
            broken.add("right_length")
        if not offer.in_use:
            broken.add("in_use")
        if (offer.starts is not None and start < offer.starts) or (offer.ends is not None and start >= offer.ends):
            broken.add("offered_then")
        if touched(offer.outages, start, end):
            broken.add("not_unavailable")
        if offer.hours is not None and not covered(offer.hours, start, end):
            broken.add("service_hours")
        if not covered(question.business, start, end):
            broken.add("business_open")
        for attendee in step.attendees:
            broken |= broken_rules_of_a_person(question, step, start, attendee, provides=False)
        asked = [provider] if index == 0 and provider is not None else list(step.providers)
        reasons = [broken_rules_of_a_person(question, step, start, who, provides=True) for who in asked]
        if not reasons:
            broken.add("provides")
        elif all(reasons):
            broken |= set().union(*reasons)
        start = end
    return broken
