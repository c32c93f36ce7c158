"""The queue of background tasks: claiming, running, trying again, and taking back what a dead worker held.

The rows and the claim are those of django-tasks-db; its own worker neither retries nor notices a dead colleague.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any

from django.db import models, transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from carnet.base import clock
from carnet.base.tasks import ATTEMPTS, BACK_OFF, Interrupted
from carnet.running.presence import Presence, State

logger = logging.getLogger("carnet.tasks")

#: When a worker on another machine holds a task for longer, it is taken for dead. Tasks must be shorter.
LEASE = timedelta(minutes=15)
KEPT_SUCCESSFUL = timedelta(days=7)
KEPT_FAILED = timedelta(days=90)


def run_next_task(worker: str) -> bool:
    """Claim one task and run it to its end; return False if none is ready."""
    task = claim_next_task(worker)
    if task is None:
        return False
    run_task(task)
    return True


def claim_next_task(worker: str) -> DBTaskResult[..., Any] | None:
    """Mark the most urgent ready task as run by `worker`, and return it; no two workers get the same one."""
    # Looked for without a lock first: an idle worker must not keep asking SQLite for its one writer's place.
    if not DBTaskResult.objects.ready().exists():
        return None
    with transaction.atomic():
        task: DBTaskResult[..., Any] | None = DBTaskResult.objects.ready().get_locked()
        if task is not None:
            task.claim(worker)
    return task


def run_task(task: DBTaskResult[..., Any]) -> None:
    """Run a claimed task and note how it ended: done, interrupted, to be tried again, or failed for good."""
    try:
        task.task.call(*task.args_kwargs["args"], **task.args_kwargs["kwargs"])
    except Interrupted:
        # Being interrupted is no fault of the task, so this start does not count.
        _put_back(task, at=clock.now(), worker_ids=task.worker_ids[:-1])
    except (Exception, SystemExit) as error:
        task.exception_class_path = f"{type(error).__module__}.{type(error).__qualname__}"
        task.traceback = "".join(format_exception(error))
        task.save(update_fields=["exception_class_path", "traceback"])
        _fail(task)
    else:
        task.set_successful(None)


def take_back_abandoned_tasks(me: Presence) -> int:
    """Give the tasks of dead workers another start, or fail them after the last; return how many there were.

    To be called between two tasks: what stands as running in this worker's own name is abandoned too (the note of
    its end was lost with the database).
    """
    abandoned = [task for task in DBTaskResult.objects.running() if _is_abandoned(task, me)]
    for task in abandoned:
        logger.warning("The worker of task %s (%s) is gone", task.id, task.task_path)
        if not task.traceback:
            task.traceback = "The worker ended before the task did."
            task.save(update_fields=["traceback"])
        _fail(task)
    me.clear_dead()
    return len(abandoned)


def forget_old_tasks(now: datetime) -> None:
    """Delete what ended long ago: the successful after a week, the failed after three months."""
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEPT_SUCCESSFUL).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEPT_FAILED).delete()


def _is_abandoned(task: DBTaskResult[..., Any], me: Presence) -> bool:
    worker = task.worker_ids[-1] if task.worker_ids else ""
    if worker == me.name:
        return True
    state = me.state_of(worker) if worker else State.UNKNOWN
    if state is State.UNKNOWN:
        return task.started_at is None or task.started_at < clock.now() - LEASE
    return state is State.DEAD


def _fail(task: DBTaskResult[..., Any]) -> None:
    starts = len(task.worker_ids)
    if starts < ATTEMPTS:
        rest = BACK_OFF[min(starts, len(BACK_OFF)) - 1]
        logger.warning(
            "Task %s (%s) failed, start %s of %s:\n%s", task.id, task.task_path, starts, ATTEMPTS, task.traceback
        )
        _put_back(task, at=clock.now() + rest, worker_ids=task.worker_ids)
        return
    logger.error("Task %s (%s) failed for good:\n%s", task.id, task.task_path, task.traceback)
    _still_running(task).update(status=TaskResultStatus.FAILED, finished_at=clock.now())


def _put_back(task: DBTaskResult[..., Any], *, at: datetime, worker_ids: list[str]) -> None:
    _still_running(task).update(status=TaskResultStatus.READY, started_at=None, run_after=at, worker_ids=worker_ids)


def _still_running(task: DBTaskResult[..., Any]) -> models.QuerySet[DBTaskResult[..., Any]]:
    """Return the row if it is still in the hands it was seen in: two workers may take back the same task."""
    return DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING, started_at=task.started_at)
