"""The demo at each start: the businesses founded, the nearest days written, the rest left to the worker."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from carnet.base import clock
from carnet.base.errors import TradeError
from carnet.base.scopes import open_organisation
from carnet.base.starting import before_serving
from carnet.base.tasks import ScopedTask, give_way, scoped_task
from carnet.demo import sign_in
from carnet.demo.content import PLANS
from carnet.demo.crew import Crew
from carnet.demo.founding import found
from carnet.demo.pictures import hang_pictures
from carnet.demo.plans import Plan
from carnet.demo.scene import LEFT, left_day, set_scene
from carnet.demo.writing import around, today, unwritten, write_customers, write_day
from carnet.organisations.access import Access

logger = logging.getLogger("carnet.demo")

#: Days around today that are there before the first page is.
NEAR = 3
#: A pause after each transaction: whoever waits for SQLite's one writer gets a turn.
PAUSE = 0.02


@before_serving
def open_demo() -> Iterable[str]:
    """Found what is missing, set the scene of the first business, queue the rest; return the sign-in lines."""
    if not settings.DEMO:
        return []
    now = clock.now()
    for number, plan in enumerate(PLANS):
        organisation = found(plan, now)
        with open_organisation(organisation):
            crew = Crew(plan, organisation)
            try:
                if number == 0:
                    open_first(crew, now)
            except TradeError:
                # A visitor may have taken away what the demo's people need: then the book stays as it is.
                logger.exception("The book of %s could not be written", plan.name)
            if number:
                enqueue_once(set_the_scene, organisation.pk)
            enqueue_once(hang_the_pictures, organisation.pk)
            enqueue_once(write_the_book, organisation.pk)
    return sign_in.lines()


def open_first(crew: Crew, now: datetime) -> None:
    """Write today and the days around it, and set the scene; at later starts little is left to do."""
    write_customers(crew, now)
    if not is_bookable(crew, crew.administrator(now)):
        return
    set_scene(crew, now)
    near = set(around(today(crew, now), NEAR))
    for day in unwritten(crew.plan, today(crew, now)):
        if day in near:
            write_day(crew, day, now, leave=LEFT if day == left_day(crew, now) else 0)


def enqueue_once(task: ScopedTask[[int]], organisation_id: int) -> None:
    """Queue the task unless it is queued or running, perhaps since before the last stop."""
    waiting = DBTaskResult.objects.filter(
        task_path=task.module_path, status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)
    )
    if not any(found.args_kwargs["args"] == [organisation_id] for found in waiting):
        task.enqueue(organisation_id)


def rest() -> None:
    """Between two transactions: end if the worker is to stop, and let others write."""
    give_way()
    time.sleep(PAUSE)


@scoped_task(priority=10)
def set_the_scene(access: Access) -> None:
    """Enter the customers of a business and write its today."""
    crew = Crew(plan_of(access), access.organisation)
    write_customers(crew, access.now, rest)
    if is_bookable(crew, access):
        set_scene(crew, access.now, rest)


@scoped_task(priority=10)
def hang_the_pictures(access: Access) -> None:
    """Draw the pictures of a business that has none."""
    crew = Crew(plan_of(access), access.organisation)
    if is_bookable(crew, access):
        hang_pictures(crew, access.now)


@scoped_task
def write_the_book(access: Access) -> None:
    """Write the next unwritten day, and come back for the one after it."""
    crew = Crew(plan_of(access), access.organisation)
    write_customers(crew, access.now, rest)
    if not is_bookable(crew, access):
        return
    days = unwritten(crew.plan, today(crew, access.now))
    if days:
        write_day(crew, days[0], access.now, rest, leave=LEFT if days[0] == left_day(crew, access.now) else 0)
    if len(days) > 1:
        write_the_book.enqueue(access.organisation.pk)


def is_bookable(crew: Crew, access: Access) -> bool:
    """Return whether this business has a book at all: one does not, and a visitor may switch Services off."""
    return bool(crew.plan.services) and access.module_is_on("services")


def plan_of(access: Access) -> Plan:
    return next(plan for plan in PLANS if plan.slug == access.organisation.slug)
