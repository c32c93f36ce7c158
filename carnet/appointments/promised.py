"""What a visit that stands asks for: its own services, lengths, buffers and people, as they were promised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from carnet.appointments.availability import Ask
from carnet.appointments.models import Appointment, Segment, SegmentMember
from carnet.catalogue.prices import Extra
from carnet.organisations.models import Member


def asks_of(appointment: Appointment, *, anyone: bool = False, member: Member | None = None) -> tuple[Ask, ...]:
    """Return what the visit asks for as it is in the database now, by another `member` or anyone if so said."""
    segments = list(appointment.segments.order_by("position").prefetch_related("segment_members__member", "service"))
    if anyone:
        return asks_by(segments, [None] * len(segments))
    return asks_by(segments, [member or provider_of(segment) for segment in segments])


def asks_by(segments: Iterable[Segment], providers: Sequence[Member | None]) -> tuple[Ask, ...]:
    """Return what these segments ask for, each by its one of `providers`, or by anyone where that is None."""
    asks = []
    for segment, provider in zip(segments, providers, strict=True):
        extras = tuple(Extra(**extra) for extra in segment.add_ons)
        asks.append(
            Ask(
                segment.service,
                segment.minutes - sum(extra.minutes for extra in extras),
                member=provider,
                attendees=tuple(
                    row.member for row in segment.segment_members.all() if row.part == SegmentMember.Part.ATTENDS
                ),
                extras=extras,
                promised=True,
                sold_as=segment.service_name,
                # What is held again is what was held: later buffers of the service are not what was promised.
                buffers=(segment.before, segment.after),
            )
        )
    return tuple(asks)


def provider_of(segment: Segment) -> Member | None:
    """Return who provides the segment; reads prefetched members."""
    rows = segment.segment_members.all()
    return next((row.member for row in rows if row.part == SegmentMember.Part.PROVIDES), None)
