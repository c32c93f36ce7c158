"""How far the demo's books are written, for the bar on its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from carnet.base.scopes import open_organisation
from carnet.demo.content import PLANS
from carnet.demo.writing import unwritten
from carnet.organisations.models import Organisation
from carnet.scheduling import hours as wall


@dataclass(frozen=True, slots=True)
class Progress:
    """Days written and days there are, of all demo businesses together."""

    written: int
    days: int

    @property
    def is_done(self) -> bool:
        return self.written >= self.days


def progress(now: datetime) -> Progress:
    """Return how far the books of those businesses are that have one."""
    written = days = 0
    plans = {plan.slug: plan for plan in PLANS if plan.services}
    for organisation in Organisation.objects.filter(slug__in=plans):
        plan = plans[organisation.slug]
        with open_organisation(organisation):
            this_day = wall.local(now, organisation.zone).date
            whole = len(plan.window(this_day))
            days += whole
            written += whole - len(unwritten(plan, this_day))
    return Progress(written, days)


#: The day on which this process saw everything written: it need not look again before the next.
_done_on: list[date] = []


def is_writing(now: datetime) -> bool:
    """Return whether the books are still being written, today."""
    if _done_on == [now.date()]:
        return False
    if progress(now).is_done:
        _done_on[:] = [now.date()]
        return False
    return True
