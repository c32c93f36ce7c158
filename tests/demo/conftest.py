"""A small Salon Lumière: the same people and services, fewer customers and days."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from carnet.base.scopes import open_organisation
from carnet.demo.content.salon_lumiere import SALON_LUMIERE
from carnet.demo.crew import Crew
from carnet.demo.founding import found
from carnet.demo.writing import write_customers

SMALL = replace(SALON_LUMIERE, clientele=replace(SALON_LUMIERE.clientele, count=45), past_days=3, coming_days=3)

OpenSalon = Callable[[datetime], Crew]


def paris(text: str) -> datetime:
    """Return the instant of a wall time in Paris, "2026-11-24 10:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)


@pytest.fixture
def open_small_salon(db: None) -> Iterator[OpenSalon]:
    """Return a function that founds the small salon at an instant and opens its scope, with its customers."""
    with ExitStack() as stack:

        def open_at(now: datetime) -> Crew:
            organisation = found(SMALL, now)
            stack.enter_context(open_organisation(organisation))
            crew = Crew(SMALL, organisation)
            write_customers(crew, now)
            return crew

        yield open_at
