"""The day: who is at work when, what they have promised, and what is still free.

Read in a fixed number of statements, whatever the members and visits, and returned as plain values: where each thing
lies is a row of five minutes, counted in elapsed time, so that days of 23 and 25 hours need no care from whoever draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet

from carnet.catalogue.models import ServiceMember
from carnet.desk.queries.day.held import held_on
from carnet.desk.queries.day.rows import (
    clock,
    closed_stretches,
    drawn_span,
    floored,
    free_stretches,
    hours_of,
    on_grid,
    placed,
)
from carnet.desk.queries.day.times import first_open_day, times_around, today
from carnet.desk.queries.day.values import Closed, Column, Day, Free, Hour, Visit, row_of
from carnet.organisations.access import Access
from carnet.organisations.models import Profile
from carnet.resources.models import Resource, TimeOff
from carnet.scheduling.spans import Span, intersect, merge, subtract
from carnet.scheduling.spans import overlapping as reaching

__all__ = ["Closed", "Column", "Day", "Free", "Hour", "Visit", "day_of", "first_open_day", "landing", "today"]


def landing(access: Access) -> str:
    """Return the name of the page on which this member's work begins: its own visits for who only provides."""
    provides = access.profile is not None and access.profile.reach == Profile.Reach.OWN
    return "my_day" if provides and not access.may("appointments.book") else "home"


def day_of(access: Access, on: date) -> Day:
    """Return the day as this reader may see it.

    Raises `NotPermitted` for whoever may not see appointments, and the engine's `NoSuchTime` for a day that the zone
    left out.
    """
    access.require("appointments.see")
    zone = access.organisation.zone
    times = times_around(on, zone)
    may_book = access.may("appointments.book")
    resources = _resources(access, may_book=may_book)
    off = _time_off(resources, times.day)
    held, visits = held_on(access, resources, times.day)
    # Who provides nothing has a page of the book only on days with visits; before there is any service, all have one.
    has_services = any(_provides(resource) for resource in resources)
    resources = [
        resource
        for resource in resources
        if not has_services or _provides(resource) or resource.pk in visits or _is_alone(access, resource)
    ]
    work = {resource.pk: reaching(times.at_work(resource.pk), times.day) for resource in resources}
    span = drawn_span(times, work.values(), visits.values())
    day = Day(
        on=on,
        today=today(access),
        zone=zone,
        span=span,
        closure=None if reaching(times.business, times.day) else times.closures.get(on, ""),
        opens=tuple(
            (clock(opening.start, zone), "24:00" if opening.end == times.day.end else clock(opening.end, zone))
            for opening in intersect(times.business, (times.day,))
        ),
        next_open=times.next_open,
        may_book=may_book,
        module_on=access.module_is_on("services"),
        has_services=has_services,
        may_add_services=access.may("catalogue.create"),
    )
    if span is None:
        return replace(day, columns=tuple(_column(access, resource) for resource in resources))
    earliest = on_grid(access.now, zone, access.organisation.grid)
    columns = []
    for resource in resources:
        absences = off.get(resource.pk, ())
        away = merge(absence for absence, _reason in absences)
        at_work = subtract(intersect(work[resource.pk], (span,)), away)
        free = subtract(at_work, merge(held.get(resource.pk, ()))) if _provides(resource) else ()
        column = _column(access, resource)
        columns.append(
            replace(
                column,
                visits=tuple(placed(visit, span, zone) for visit in visits.get(resource.pk, ())),
                free=tuple(free_stretches(free, span, earliest, access)),
                closed=tuple(
                    closed_stretches(work[resource.pk], absences, span, told=column.is_own or column.may_set_times)
                ),
            )
        )
    is_now = span.contains(access.now)
    return replace(
        day,
        columns=tuple(columns),
        hours=tuple(hours_of(span, zone)),
        now_row=row_of(access.now, span) if is_now else None,
        now=clock(floored(access.now), zone) if is_now else "",
    )


def _resources(access: Access, *, may_book: bool) -> list[Resource]:
    """Return the members' times that may get a column: whom the reader may book, or whose visits it may see.

    Each says in `provides` whether there is a service it can be booked for.
    """
    offered = ServiceMember.objects.filter(
        member=OuterRef("member"), service__in_use=True, service__deleted_at__isnull=True
    )
    found: QuerySet[Resource] = Resource.objects.filter(
        kind=Resource.Kind.MEMBER, active=True, member__active=True
    ).select_related("member")
    if not may_book and not access.reaches_everything:
        found = found.filter(member_id__in=access.reached_members)
    return list(found.annotate(provides=Exists(offered)).order_by("member__position", "member_id"))


def _provides(resource: Resource) -> bool:
    return bool(getattr(resource, "provides", False))


def _is_alone(access: Access, resource: Resource) -> bool:
    """Return whether this is the reader's own time, for a reader who sees only that."""
    return not access.reaches_everything and resource.member == access.member


def _column(access: Access, resource: Resource) -> Column:
    member = resource.member
    assert member is not None  # asked for by kind, and `resource_member_one_lane` says the rest
    return Column(
        member.public_id,
        member.name,
        is_own=member == access.member,
        may_set_times=access.may("resources.edit") and _reaches(access, resource),
    )


def _reaches(access: Access, resource: Resource) -> bool:
    return access.reaches_everything or resource.member_id in access.reached_members


def _time_off(resources: Sequence[Resource], day: Span) -> dict[int, list[tuple[Span, str]]]:
    found: dict[int, list[tuple[Span, str]]] = {}
    rows = TimeOff.objects.filter(
        starts_at__lt=day.end, ends_at__gt=day.start, resource__in=[resource.pk for resource in resources]
    )
    for resource_id, starts_at, ends_at, reason in rows.values_list("resource_id", "starts_at", "ends_at", "reason"):
        found.setdefault(resource_id, []).append((Span(starts_at, ends_at), reason))
    return found
