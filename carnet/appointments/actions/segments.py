"""Writing the segments of an appointment and the claims that hold people's time for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet

from carnet.appointments.availability import Ask
from carnet.appointments.models import Appointment, Claim, Segment, SegmentMember
from carnet.base.inserting import insert, new_row
from carnet.base.money import Price
from carnet.base.prepared import prepared_cursor
from carnet.base.scopes import open_organisation_id
from carnet.catalogue.models import ServiceResource
from carnet.organisations.models import Member
from carnet.resources.models import Resource
from carnet.scheduling.holds import holds
from carnet.scheduling.hours import local
from carnet.scheduling.question import Offer, Person, Question, Step


def wall_time(at: datetime, zone: str) -> dict[str, object]:
    """Return what a segment keeps of its start: the local date, time, fold and zone, and the instant."""
    there = local(at, zone)
    return {"local_date": there.date, "local_time": there.time, "fold": there.fold, "zone": zone, "starts_at": at}


@dataclass(frozen=True)
class NewParts:
    """What a visit that is about to be written consists of, none of it with an id yet."""

    segments: list[Segment]
    members: list[SegmentMember]
    claims: list[Claim]

    @property
    def rows(self) -> list[Model]:
        return [*self.segments, *self.members, *self.claims]

    def remember(self, appointment: Appointment) -> None:
        """Let the appointment know what was written, so that it is told without being read again."""
        for segment in self.segments:
            _remember(segment, "segment_members", [row for row in self.members if row.segment is segment])
        _remember(appointment, "segments", self.segments)


def new_parts(
    appointment: Appointment,
    asks: Sequence[Ask],
    prices: Sequence[Price],
    providers: Sequence[Member],
    held: Sequence[Sequence[int]],
) -> NewParts:
    """Return one segment after the other from the appointment's start, who is there, and the time that it holds.

    `held` are the resources of each: the provider's, then those of who and what attends.
    """
    start = appointment.starts_at
    segments = []
    for position, (ask, price) in enumerate(zip(asks, prices, strict=True)):
        end = start + timedelta(minutes=ask.length)
        segments.append(
            new_row(
                Segment,
                organisation=appointment.organisation,
                appointment=appointment,
                position=position,
                service=ask.service,
                service_name=ask.service.name,
                minutes=ask.length,
                ends_at=end,
                before=ask.service.before,
                after=ask.service.after,
                net=price.net,
                taxes=[asdict(line) for line in price.taxes],
                total=price.total,
                add_ons=[asdict(extra) for extra in ask.extras],
                **wall_time(start, appointment.zone),
            )
        )
        start = end
    members = []
    for segment, ask, provider in zip(segments, asks, providers, strict=True):
        own = {"organisation": appointment.organisation, "segment": segment}
        members.append(new_row(SegmentMember, member=provider, part=SegmentMember.Part.PROVIDES, **own))
        members += [
            new_row(SegmentMember, member=member, part=SegmentMember.Part.ATTENDS, **own)
            for member in ask.attendees
            if member.pk != provider.pk
        ]
    return NewParts(segments, members, claims_of(segments, held))


def _remember(record: Model, relation: str, rows: list[Any]) -> None:
    """Let `record` know the rows of a relation as if they had been prefetched."""
    known: Any = record
    known._prefetched_objects_cache = {
        **getattr(record, "_prefetched_objects_cache", {}),
        relation: _Remembered(record, relation, rows),
    }


class _Remembered(QuerySet[Any]):
    """The rows of a relation that were just written; whatever else is asked of it, the relation itself is asked.

    To write the relation's own query, as `prefetch_related` does, takes longer than to write a row.
    """

    def __init__(self, record: Model, relation: str, rows: list[Any]) -> None:
        super().__init__(type(rows[0]))
        self._whose = record, relation
        self._result_cache, self._prefetch_done = rows, True

    def _clone(self) -> QuerySet[Any]:
        record, relation = self._whose
        manager: Any = getattr(record, relation)
        known: Any = record
        kept = known._prefetched_objects_cache
        known._prefetched_objects_cache = {name: rows for name, rows in kept.items() if name != relation}
        try:
            found: QuerySet[Any] = manager.get_queryset()
        finally:
            known._prefetched_objects_cache = kept
        return found


def held_by(segments: Iterable[Segment]) -> dict[int, list[int]]:
    """Return segment id -> ids of the resources it holds: its members' time and the rooms its service needs."""
    segments = list(segments)
    held: dict[int, list[int]] = {segment.pk: [] for segment in segments}
    people = SegmentMember.objects.filter(segment__in=segments).values_list("segment_id", "member__resource__id")
    for segment_id, resource_id in people.order_by("id"):
        if resource_id is not None:
            held[segment_id].append(resource_id)
    needs: dict[int, list[int]] = {}
    for service_id, resource_id in ServiceResource.objects.filter(
        service__in={segment.service_id for segment in segments}
    ).values_list("service_id", "resource_id"):
        needs.setdefault(service_id, []).append(resource_id)
    for segment in segments:
        held[segment.pk] += needs.get(segment.service_id, [])
    return held


def claims_of(segments: Sequence[Segment], held: Sequence[Sequence[int]]) -> list[Claim]:
    """Return the claims of what each segment holds, buffers included; the database refuses what is taken."""
    steps = tuple(
        Step(Offer(segment.service_id), segment.minutes, segment.before, segment.after, tuple(ids[:1]), tuple(ids[1:]))
        for segment, ids in zip(segments, held, strict=True)
    )
    start = segments[0].starts_at
    people = {pk: Person(pk, at_work=()) for ids in held for pk in ids}
    question = Question(now=start, zone=segments[0].zone, business=(), people=people, steps=steps)
    return [
        new_row(
            Claim,
            organisation_id=segments[one.step].organisation_id,
            segment=segments[one.step],
            resource_id=one.person,
            starts_at=one.span.start,
            ends_at=one.span.end,
        )
        for one in holds(question, start, tuple(step.providers[0] for step in steps))
    ]


def release(appointment: Appointment) -> None:
    """Free the time that the appointment holds."""
    Claim.objects.filter(segment__appointment=appointment, active=True).update(active=False)


def hold_again(appointment: Appointment) -> None:
    """Claim anew what the appointment holds; claims are deleted and inserted, never shifted."""
    Claim.objects.filter(segment__appointment=appointment).delete()
    segments = list(appointment.segments.order_by("position"))
    held = held_by(segments)
    for claim in claims_of(segments, [held[segment.pk] for segment in segments]):
        insert(claim)


def free_the_rest(appointment: Appointment, now: datetime) -> None:
    """Shorten what is held to what was used, to the second, once the visit ended early."""
    now = now.replace(microsecond=0) + timedelta(seconds=1 if now.microsecond else 0)
    for claim in Claim.objects.filter(segment__appointment=appointment, active=True, ends_at__gt=now):
        if claim.starts_at < now:
            claim.ends_at = now
            claim.save(update_fields=["ends_at"])
        else:
            claim.active = False
            claim.save(update_fields=["active"])


def resources_of(appointment: Appointment) -> set[int]:
    """Return the ids of the resources that the appointment's segments need."""
    held = held_by(appointment.segments.all())
    return {resource_id for ids in held.values() for resource_id in ids}


def lock_resources(ids: Iterable[int]) -> None:
    """Lock, then look: hold these resources' rows, in id order, until the transaction ends."""
    chosen = sorted(set(ids))
    # Without row locks there is one writer, and who is in a unit of work holds everything already.
    if chosen and connection.features.has_select_for_update:
        sql, given = _locking(open_organisation_id(), len(chosen))
        with prepared_cursor() as cursor:
            cursor.execute(sql, [chosen[value] if value < 0 else value for value in given])


@lru_cache(maxsize=1_000)
def _locking(organisation: int | None, count: int) -> tuple[str, tuple[int, ...]]:
    """Return the statement that locks `count` resources of the open organisation; their places hold -count to -1."""
    rows = Resource.objects.select_for_update(no_key=True).filter(pk__in=range(-count, 0))
    return rows.order_by("pk").values_list("pk").query.sql_with_params()
