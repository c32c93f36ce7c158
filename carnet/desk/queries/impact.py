"""What the preview of a change shows of each visit, and what a change has done to visits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from carnet.appointments.actions.changes import title_of
from carnet.appointments.actions.rearrange import HELD
from carnet.appointments.actions.undo_rearrangement import Why, may_undo_rearrangement, permission_for
from carnet.appointments.impact import HitVisit, Impact
from carnet.appointments.models import Appointment, Rearrangement
from carnet.catalogue.models import Service
from carnet.organisations.access import Access
from carnet.outbox.models import Message
from carnet.resources.models import Resource

#: The latest changes that a page lists.
LINES = 5
#: Among how many of the whole house those of one member are looked for.
LOOKED_AT = 100
#: What a change is about -> its kinds.
KINDS = {
    "service": ("outage", "not_in_use", "edited"),
    "member": ("absence", "member_hours"),
    "hours": ("hours", "closures"),
}


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit that would be hit: when, who, what, by whom, why, and where it could go."""

    appointment: Appointment
    services: str
    members: tuple[str, ...]
    #: Why it would be refused; "" where all say the same, and that is said once.
    why: str
    movable: bool
    proposed: datetime | None
    proposed_members: tuple[str, ...]
    ticked: bool

    @property
    def same_time(self) -> bool:
        return self.proposed == self.appointment.starts_at

    @property
    def same_members(self) -> bool:
        return self.proposed_members == self.members


#: Rules about hours: when they next allow it is no matter, for a place is proposed.
_HOURS = {"business_open", "at_work", "service_hours"}


#: Changes of which these rules are the news.
_OF_HOURS = {"hours", "edited", "member_hours"}


def _why(impact: Impact, one: HitVisit) -> str:
    if one.why.rule in _HOURS and impact.kind in _OF_HOURS:
        return _("Outside the new hours.")
    if one.why.rule == "business_open" and impact.kind == "closures":
        return _("On a closed day.")
    if one.why.rule == "not_absent":
        return _("In the time of the absence.")
    return one.why.sentence


def reason_for_all(impact: Impact) -> str:
    """Return the one reason that all visits share, "" where they differ."""
    reasons = {_why(impact, one) for one in impact.visits}
    return reasons.pop() if len(reasons) == 1 else ""


def visits_shown(access: Access, impact: Impact, ticked: Collection[str] | None) -> list[VisitShown]:
    """Return the visits as the preview shows them; `ticked` are public ids, None for all that can be moved."""
    shared = reason_for_all(impact)
    return [_shown(one, "" if shared else _why(impact, one), ticked) for one in impact.visits]


def _shown(one: HitVisit, why: str, ticked: Collection[str] | None) -> VisitShown:
    proposal = one.proposal
    members = dict.fromkeys(member.name for member in one.visit.providers if member)
    proposed = dict.fromkeys(member.name for member in proposal.providers) if proposal else {}
    return VisitShown(
        appointment=one.appointment,
        services=", ".join(segment.service_name for segment in one.appointment.segments.all()),
        members=tuple(members),
        why=why,
        movable=one.movable,
        proposed=proposal.start if proposal else None,
        proposed_members=tuple(proposed),
        ticked=proposal is not None and (ticked is None or one.appointment.public_id_text in ticked),
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A visit that a change moved: from when, with whom, to when, with whom."""

    appointment: Appointment
    services: str
    from_starts_at: datetime
    to_starts_at: datetime
    from_members: str
    to_members: str
    #: Once the change is undone: why it could not return, "" if it did.
    stayed: str = ""


@dataclass(frozen=True)
class Done:
    """A change as it was made, with what it did to visits."""

    rearrangement: Rearrangement
    moved: Sequence[Moved]
    #: Moved as well, out of the reader's sight.
    unseen: int
    standing: int
    may_undo: bool
    #: Letters that are held back, and until when.
    waiting: int
    leaves_at: datetime
    service: Service | None

    @property
    def title(self) -> str:
        return title_of(self.rearrangement.kind, self.rearrangement.title)

    @property
    def returned(self) -> Sequence[Moved]:
        return [one for one in self.moved if not one.stayed]

    @property
    def stayed(self) -> Sequence[Moved]:
        return [one for one in self.moved if one.stayed]


def visible_rearrangements(access: Access) -> QuerySet[Rearrangement]:
    """Return the changes with moves that this reader may look at: those that her profile would let her make."""
    found = Rearrangement.objects.select_related("member")
    kinds = [kind for kinds in KINDS.values() for kind in kinds if access.may(permission_of(kind))]
    return found.filter(kind__in=kinds)


def of_what(kind: str) -> str:
    """Return what a change of this kind is about: "service", "member" or "hours" (of the business)."""
    return next((of for of, kinds in KINDS.items() if kind in kinds), "service")


def permission_of(kind: str) -> str:
    return permission_for(Rearrangement(kind=kind))


@dataclass(frozen=True, slots=True)
class Change:
    """A line that leads to what a change did."""

    title: str
    at: datetime
    who: str
    undone: bool
    address: str


def changes_of_hours(access: Access) -> list[Change]:
    """Return the latest changes of the business hours that had visits in their way; those of a service it tells."""
    found = visible_rearrangements(access).filter(kind__in=KINDS["hours"])
    return [_line(row) for row in found.defer("change")[:LINES]]


def changes_of_time(access: Access, resource: Resource) -> list[Change]:
    """Return the latest changes of a member's time that had visits in their way."""
    found = visible_rearrangements(access).filter(kind__in=KINDS["member"])
    # Whose it was lies in the change itself, which no index knows: so among the latest of all, not through all.
    return [_line(row) for row in found[:LOOKED_AT] if row.change["resource"] == resource.pk][:LINES]


def _line(row: Rearrangement) -> Change:
    return Change(
        title_of(row.kind, row.title),
        row.at,
        row.member.name if row.member else "",
        row.undone_at is not None,
        address_of(row),
    )


def address_of(rearrangement: Rearrangement, what: str = "") -> str:
    """Return where the change is shown, beside the page that it concerns; `what` is "" or "_undo"."""
    return reverse(f"{of_what(rearrangement.kind)}_rearrangement{what}", args=[rearrangement.public_id])


def done_of(access: Access, rearrangement: Rearrangement) -> Done:
    """Return what a change has done, as its page shows it."""
    moves = list(rearrangement.moves.order_by("from_starts_at", "pk"))
    wanted = Appointment.objects.filter(pk__in=[move.appointment_id for move in moves])
    seen = access.visible(wanted.select_related("customer").prefetch_related("segments")) if _may_see(access) else []
    visits = {visit.pk: visit for visit in seen}
    reasons = rearrangement.change.get("stayed", {})
    shown = [
        Moved(
            appointment=visits[move.appointment_id],
            services=", ".join(segment.service_name for segment in visits[move.appointment_id].segments.all()),
            from_starts_at=move.from_starts_at,
            to_starts_at=move.to_starts_at,
            from_members=", ".join(dict.fromkeys(move.from_members)),
            to_members=", ".join(dict.fromkeys(move.to_members)),
            stayed=str(Why(reasons[str(move.appointment_id)]).label) if str(move.appointment_id) in reasons else "",
        )
        for move in moves
        if move.appointment_id in visits
    ]
    service = rearrangement.change.get("service")
    return Done(
        rearrangement=rearrangement,
        moved=shown,
        unseen=len(moves) - len(shown),
        standing=rearrangement.change.get("standing", 0),
        may_undo=may_undo_rearrangement(access, rearrangement),
        waiting=_waiting(access, rearrangement, [move.appointment_id for move in moves]),
        leaves_at=rearrangement.at + HELD,
        service=Service.objects.filter(pk=service).first() if service else None,
    )


def _may_see(access: Access) -> bool:
    return access.may("appointments.see")


def _waiting(access: Access, rearrangement: Rearrangement, visits: Sequence[int]) -> int:
    """Return how many letters about the moves are still held back."""
    if access.now >= rearrangement.at + HELD:
        return 0
    held = Message.objects.filter(kind="appointment_moved", subject_kind="appointment", subject_id__in=visits)
    return held.filter(created_at=rearrangement.at, state=Message.State.WAITING, attempts=0).count()
