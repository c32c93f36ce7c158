"""Background tasks: work for one organisation that outlives the request, and survives the worker.

A task is declared in a room's `background.py`, takes ids only, and runs inside the scope of its organisation:

    @scoped_task
    def send_reminder(access: Access, appointment_id: int) -> None: ...

    send_reminder.enqueue(access.organisation.pk, appointment.pk)

Enqueued inside a transaction, it exists exactly if that transaction does. It may run more than once (a worker can
die between the work and the note that it is done), so it must be idempotent. Long work goes in short steps: one
transaction, then `enqueue` itself again, so that ticks and other tasks get their turn in between.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, overload

from django.utils.module_loading import autodiscover_modules
from django_tasks import task_backends
from django_tasks.base import Task, TaskResult

from carnet.base.scopes import ScopeError, open_organisation_id

if TYPE_CHECKING:
    from carnet.organisations.access import Access

P = ParamSpec("P")

#: How often a task is started before it counts as failed, and how long it rests after each failure.
ATTEMPTS = 3
BACK_OFF = (timedelta(seconds=10), timedelta(minutes=1))


class Interrupted(Exception):
    """The worker is asked to stop; raised by `give_way` between two steps of a task."""


class OpensOrganisation(Protocol):
    def __call__(self, organisation_id: int, reason: str) -> AbstractContextManager[Access]: ...


_opener: list[OpensOrganisation] = []
_stop_asked: list[Callable[[], bool]] = []


def opens_organisations(opener: OpensOrganisation) -> OpensOrganisation:
    """Declare how a task gets the access of the system to an organisation, with its scope open."""
    _opener[:] = [opener]
    return opener


def interrupts_tasks(stop_asked: Callable[[], bool]) -> None:
    """Let `stop_asked` decide whether `give_way` ends the running task."""
    _stop_asked[:] = [stop_asked]


def give_way() -> None:
    """Raise `Interrupted` if the worker is to stop; to be called between two transactions of a long task."""
    if any(stop_asked() for stop_asked in _stop_asked):
        raise Interrupted


@dataclass(frozen=True, kw_only=True)
class ScopedTask(Task[P, None]):
    """A task whose first argument is the id of the organisation it works for."""

    def enqueue(self, *args: P.args, **kwargs: P.kwargs) -> TaskResult[None]:
        """Queue the task; raises ScopeError unless its organisation is open, TypeError for anything but ids."""
        for argument in (*args, *kwargs.values()):
            if isinstance(argument, bool) or not isinstance(argument, int | str):
                raise TypeError(f"{self.name} takes ids only, not {type(argument).__name__}")
        if open_organisation_id() != args[0]:
            raise ScopeError(f"{self.name} can be queued only while its organisation is open")
        return super().enqueue(*args, **kwargs)


@overload
def scoped_task(function: Callable[Concatenate[Access, P], None]) -> ScopedTask[Concatenate[int, P]]: ...
@overload
def scoped_task(
    *, priority: int
) -> Callable[[Callable[Concatenate[Access, P], None]], ScopedTask[Concatenate[int, P]]]: ...
def scoped_task(function: Callable[..., None] | None = None, *, priority: int = 0) -> Any:
    """Make a task of a function whose first parameter is an `Access`; `priority` is -100 (last) to 100 (first)."""

    def declare(function: Callable[..., None]) -> ScopedTask[...]:
        @wraps(function)
        def run(organisation_id: int, *ids: Any, **more: Any) -> None:
            if not _opener:
                autodiscover_modules("background")
            with _opener[0](organisation_id, function.__name__) as access:
                function(access, *ids, **more)

        task = ScopedTask(func=run, priority=priority)
        task_backends[task.backend].validate_task(task)
        return task

    return declare(function) if function else declare
