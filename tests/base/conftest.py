"""The small house: two businesses, a chair in each, and threads that really run at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import connections

from tests.base.app.models import Business, Chair, Hold


def at(clock: str, month: int = 3, day: int = 11) -> datetime:
    return datetime.combine(datetime(2026, month, day, tzinfo=UTC), time.fromisoformat(clock), tzinfo=UTC)


@dataclass
class House:
    business: Business
    chair: Chair
    other_business: Business
    other_chair: Chair

    def hold(self, start: str, end: str, **fields: Any) -> Hold:
        """Write a hold of the chair on the day, without asking anybody but the database."""
        hold = self.unsaved(start, end, **fields)
        hold.save()
        return hold

    def unsaved(self, start: str, end: str, **fields: Any) -> Hold:
        return Hold(
            **{"organisation": self.business, "chair": self.chair, "starts_at": at(start), "ends_at": at(end), **fields}
        )


@pytest.fixture
def house(request: pytest.FixtureRequest) -> House:
    # Whichever of the two the test asks for; `db` unless it marks itself transactional.
    request.getfixturevalue("db")
    return furnished()


def furnished() -> House:
    business, other = Business.objects.create(name="Salon"), Business.objects.create(name="Garage")
    return House(
        business,
        Chair.objects.create(organisation=business, name="by the window"),
        other,
        Chair.objects.create(organisation=other, name="lift"),
    )


def at_once(*jobs: Callable[[], Any]) -> list[Any]:
    """Run the jobs in threads that start together; return what each returned, or the exception it raised."""
    start = threading.Barrier(len(jobs))
    outcomes: list[Any] = [None] * len(jobs)

    def run(number: int, job: Callable[[], Any]) -> None:
        try:
            start.wait()
            outcomes[number] = job()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes
