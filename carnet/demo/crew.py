"""Who does what in a demo business, and at what time."""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID, uuid5

from carnet.demo.plans import Plan
from carnet.organisations.access import Access
from carnet.organisations.models import Member, Organisation
from carnet.organisations.permissions import ADMINISTRATOR, FRONT_DESK

#: Under it stand the ids of everything the demo makes: the same in every demo, so that nothing is made twice.
DEMO = UUID("5c1d1f0e-6a4b-5d0c-9f34-3a1f6f2a7b10")


def id_of(plan: Plan, *what: object) -> UUID:
    """Return the public id of a thing of this business."""
    return uuid5(DEMO, "/".join(map(str, (plan.slug, *what))))


def is_ours(public_id: UUID) -> bool:
    """Return whether the demo made this record: its ids follow from names, those of people at work are random."""
    return public_id.version == 5


def dice(*what: object) -> random.Random:
    """Return the same dice for the same question, on every machine."""
    return random.Random("/".join(map(str, what)))


class Crew:
    """The members of an open demo business, each acting at a time of the demo's choosing, telling nobody."""

    def __init__(self, plan: Plan, organisation: Organisation) -> None:
        self.plan = plan
        self.organisation = organisation
        members = Member.objects.select_related("organisation", "profile", "role", "resource").filter(active=True)
        self.members = {member.name: member for member in members.order_by("position")}
        self._accesses: dict[int, Access] = {}

    def acts(self, member: Member, now: datetime) -> Access:
        """Return the member's access at that time."""
        access = self._accesses.get(member.pk)
        if access is None:
            # One organisation object for all: its timetable's stamp is kept up to date by whoever changes it.
            member.organisation = self.organisation
            access = self._accesses[member.pk] = Access.for_member(member, now)
            access.quiet = True
        access.now = now
        return access

    def front_desk(self, now: datetime) -> Access:
        return self.acts(self._first(FRONT_DESK), now)

    def administrator(self, now: datetime) -> Access:
        return self.acts(self._first(ADMINISTRATOR), now)

    def _first(self, profile: str) -> Member:
        return next(member for member in self.members.values() if member.profile.key == profile)
