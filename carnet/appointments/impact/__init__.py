"""What a change would do to the visits that stand, before it is made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import TYPE_CHECKING

from carnet.appointments.availability import Known
from carnet.appointments.errors import Said
from carnet.appointments.impact.asking import Asker
from carnet.appointments.impact.hit import Hit, Standing, hits, of_other_length, span_of, standing_visits
from carnet.appointments.impact.proposals import Proposal, can_be_moved, proposals
from carnet.appointments.impact.rules import Rules
from carnet.appointments.models import Appointment
from carnet.appointments.refusals import said
from carnet.appointments.timetable import timetable_of
from carnet.organisations.access import Access
from carnet.organisations.models import Member
from carnet.resources.timetable import timetable_now

if TYPE_CHECKING:
    from datetime import datetime

    from carnet.appointments.actions.changes import Change

#: The most visits that are shown and can be moved in one step; all others stand, and are counted.
MOST = 150


@dataclass(frozen=True)
class PlannedMove:
    """A visit that is to be moved with a change: from the version that was seen, to a start (UTC) and providers."""

    appointment: Appointment
    start: datetime
    providers: tuple[Member, ...]


@dataclass(frozen=True)
class HitVisit:
    """A visit that the change hits, why, and where it could go."""

    visit: Standing
    why: Said
    movable: bool
    proposal: Proposal | None = None

    @property
    def appointment(self) -> Appointment:
        return self.visit.appointment


@dataclass(frozen=True)
class Impact:
    """The visits that a change hits, by start; of those the reader may not see, only how many."""

    kind: str
    visits: tuple[HitVisit, ...] = ()
    unseen: int = 0
    #: Beyond the most that are shown.
    further: int = 0
    #: Visits that stand undisturbed with a length that new ones could not have.
    other_length: int = 0

    @property
    def count(self) -> int:
        return len(self.visits) + self.unseen + self.further

    @property
    def hits_any(self) -> bool:
        return self.count > 0

    @cached_property
    def digest(self) -> str:
        """What was seen, in few letters: equal only if the same visits stand and could go to the same places."""
        seen = [
            (
                one.appointment.pk,
                one.appointment.version,
                one.movable,
                one.proposal and (one.proposal.start.isoformat(), [provider.pk for provider in one.proposal.providers]),
            )
            for one in self.visits
        ]
        return blake2b(repr((self.kind, seen, self.unseen, self.further)).encode(), digest_size=16).hexdigest()

    def planned(self, chosen: Collection[str]) -> list[PlannedMove]:
        """Return the moves of those visits whose public id was chosen, as they are proposed here."""
        return [
            PlannedMove(one.appointment, one.proposal.start, one.proposal.providers)
            for one in self.visits
            if one.proposal is not None and one.appointment.public_id_text in chosen
        ]


def impact_of(access: Access, change: Change) -> Impact:
    """Return what the change would do to visits that stand; reads in a fixed number of statements, writes nothing."""
    stamp = timetable_now(access.organisation)
    now = Rules(timetable_of(access.organisation, stamp))
    then = change.foreseen(access, now)
    standing = standing_visits(access, change.visits())
    hit = hits(access, standing, now, then)
    # The lengths of others are told as a number only, so whoever may not see them learns nothing.
    other_length = len(of_other_length(standing, now, then))
    if not hit:
        return Impact(change.kind, other_length=other_length)
    seen = _seen(access, hit)
    shown = seen[:MOST]
    may_move = access.may("appointments.move")
    better = proposals(access, [one.visit for one in shown], then) if may_move else {}
    sentences = _Sentences(access, then, shown)
    return Impact(
        change.kind,
        tuple(
            HitVisit(
                one.visit,
                sentences.of(one),
                may_move and can_be_moved(access, one.visit),
                better.get(one.visit.appointment.pk),
            )
            for one in shown
        ),
        unseen=len(hit) - len(seen),
        further=len(seen) - len(shown),
        other_length=other_length,
    )


def _seen(access: Access, hit: list[Hit]) -> list[Hit]:
    """Return the hits whose visits this reader may see."""
    if not access.may("appointments.see"):
        return []
    if access.reaches_everything:
        return hit
    ids = [one.visit.appointment.pk for one in hit]
    visible = set(access.visible(Appointment.objects.filter(pk__in=ids)).values_list("pk", flat=True))
    return [one for one in hit if one.visit.appointment.pk in visible]


class _Sentences:
    """Says why a visit would be refused, in the words in which a booking is."""

    def __init__(self, access: Access, then: Rules, hit: list[Hit]) -> None:
        self.access, self.then = access, then
        self.asker = Asker(access, then, span_of(one.visit for one in hit)) if hit else None

    def of(self, hit: Hit) -> Said:
        assert self.asker is not None
        question = self.asker.question(hit.visit.asks, standing=True)
        asks = self.then.asks(hit.visit.asks)
        known = Known(question, asks, self.then.timetable, self.access.organisation)
        return said(known, hit.refusal, hit.visit.starts_at)
