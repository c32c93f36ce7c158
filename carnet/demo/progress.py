"""How far the demo's books are written, for the bar on its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from carnet.base.scopes import open_organisation
from carnet.demo.content import PLANS
from carnet.demo.crew import Crew
from carnet.demo.writing import unwritten
from carnet.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class Progress:
    """Days written and days there are, of all demo businesses together."""

    written: int
    days: int

    @property
    def is_done(self) -> bool:
        return self.written >= self.days


def progress(now: datetime) -> Progress:
    written = days = 0
    plans = {plan.slug: plan for plan in PLANS if plan.services}
    for organisation in Organisation.objects.filter(slug__in=plans):
        plan = plans[organisation.slug]
        with open_organisation(organisation):
            whole = len(plan.window(now.date()))
            days += whole
            written += whole - len(unwritten(Crew(plan, organisation), now))
    return Progress(written, days)
