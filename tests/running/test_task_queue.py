"""The queue: retrying, taking back, and never outside an organisation."""

from __future__ import annotations

import inspect
import logging
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.utils.module_loading import module_has_submodule
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from carnet.base import clock
from carnet.base.scopes import ScopeError, open_organisation
from carnet.base.tasks import ATTEMPTS, ScopedTask
from carnet.running.presence import Presence
from carnet.running.task_queue import (
    KEPT_FAILED,
    KEPT_SUCCESSFUL,
    LEASE,
    claim_next_task,
    forget_old_tasks,
    run_next_task,
    take_back_abandoned_tasks,
)
from tests.cast import Business
from tests.running import work
from tests.running.conftest import ROOT

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    work.done.clear()


@pytest.fixture
def me(tmp_path: Path) -> Iterator[Presence]:
    presence = Presence(tmp_path / "workers")
    yield presence
    presence.leave()


def only_task() -> Any:
    return DBTaskResult.objects.get()


def rest_is_over() -> None:
    DBTaskResult.objects.update(run_after=clock.now() - timedelta(seconds=1))


def test_a_task_runs_once_and_is_done() -> None:
    work.write_down.enqueue("a word")
    assert run_next_task("w")
    assert not run_next_task("w")
    assert work.done == ["a word"]
    assert only_task().status == "SUCCESSFUL"


@pytest.mark.parametrize("task", [work.stumble, work.leave_abruptly])
def test_a_failing_task_rests_longer_each_time_and_fails_for_good_after_three_starts(task: Task[[], None]) -> None:
    task.enqueue()
    for rest in (timedelta(seconds=10), timedelta(minutes=1)):
        before = clock.now()
        assert run_next_task("w")
        assert only_task().status == "READY"
        assert before + rest <= only_task().run_after <= clock.now() + rest
        assert not run_next_task("w"), "it is not started while it rests"
        rest_is_over()
    assert run_next_task("w")
    assert only_task().status == "FAILED"
    assert len(only_task().worker_ids) == ATTEMPTS
    assert "Traceback" in only_task().traceback
    rest_is_over()
    assert not run_next_task("w")


def test_a_task_whose_code_is_gone_fails_and_stops_nobody() -> None:
    work.write_down.enqueue("never")
    DBTaskResult.objects.update(task_path="tests.running.work.dropped")
    work.write_down.enqueue("next")
    while run_next_task("w"):
        pass
    assert work.done == ["next"]
    assert "dropped" in DBTaskResult.objects.get(status="READY").traceback


def test_an_interrupted_task_is_ready_again_and_the_start_does_not_count() -> None:
    work.be_interrupted.enqueue()
    for _ in range(ATTEMPTS + 2):
        assert run_next_task("w")
    assert only_task().status == "READY"
    assert only_task().worker_ids == []


def test_the_task_of_a_worker_at_work_is_left_to_it(me: Presence, tmp_path: Path) -> None:
    colleague = Presence(tmp_path / "workers")
    work.write_down.enqueue("mine")
    claim_next_task(colleague.name)
    DBTaskResult.objects.update(started_at=clock.now() - 10 * LEASE)
    assert take_back_abandoned_tasks(me) == 0
    assert only_task().status == "RUNNING"
    colleague.leave()


def test_the_task_of_a_killed_worker_is_started_again(me: Presence, tmp_path: Path) -> None:
    work.write_down.enqueue("again")
    claim_next_task(killed_worker(tmp_path / "workers"))
    assert take_back_abandoned_tasks(me) == 1
    assert only_task().status == "READY"
    assert take_back_abandoned_tasks(me) == 0
    rest_is_over()
    assert run_next_task(me.name)
    assert work.done == ["again"]
    assert [path.name for path in (tmp_path / "workers").iterdir()] == [me.name]


def test_a_task_that_kills_its_worker_each_time_fails_for_good(me: Presence, tmp_path: Path) -> None:
    work.write_down.enqueue("poison")
    for _ in range(ATTEMPTS):
        rest_is_over()
        assert claim_next_task(killed_worker(tmp_path / "workers"))
        assert take_back_abandoned_tasks(me) == 1
    assert only_task().status == "FAILED"
    assert only_task().traceback == "The worker ended before the task did."
    assert work.done == []


def test_a_worker_elsewhere_keeps_its_task_for_the_lease_and_no_longer(me: Presence) -> None:
    work.write_down.enqueue("far away")
    claim_next_task("another-machine-1-abc")
    DBTaskResult.objects.update(started_at=clock.now() - LEASE + timedelta(minutes=1))
    assert take_back_abandoned_tasks(me) == 0
    DBTaskResult.objects.update(started_at=clock.now() - LEASE - timedelta(seconds=1))
    assert take_back_abandoned_tasks(me) == 1


def test_a_worker_takes_back_its_own_task_whose_end_it_could_not_note(me: Presence) -> None:
    work.write_down.enqueue("lost note")
    claim_next_task(me.name)
    assert take_back_abandoned_tasks(me) == 1
    assert only_task().status == "READY"


def test_old_tasks_are_forgotten_and_young_ones_kept() -> None:
    now = clock.now()
    for status, age in (
        ("SUCCESSFUL", KEPT_SUCCESSFUL + timedelta(hours=1)),
        ("SUCCESSFUL", KEPT_SUCCESSFUL - timedelta(hours=1)),
        ("FAILED", KEPT_FAILED + timedelta(hours=1)),
        ("FAILED", KEPT_FAILED - timedelta(hours=1)),
    ):
        result = work.write_down.enqueue("old")
        DBTaskResult.objects.filter(pk=result.id).update(status=status, finished_at=now - age)
    work.write_down.enqueue("waiting")
    forget_old_tasks(now)
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["FAILED", "READY", "SUCCESSFUL"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_workers_at_once_never_start_one_task_twice() -> None:
    """E7: two workers, here eight, share the queue without ever sharing a task."""
    for number in range(40):
        work.write_down.enqueue(str(number))
    together = Barrier(8)
    errors: list[BaseException] = []

    def worker(name: str) -> None:
        try:
            together.wait()
            while DBTaskResult.objects.ready().exists():
                run_next_task(name)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=worker, args=(f"w{number}",)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(work.done, key=int) == [str(number) for number in range(40)]  # type: ignore[call-overload]
    assert {len(ids) for ids in DBTaskResult.objects.values_list("worker_ids", flat=True)} == {1}


def test_a_scoped_task_sees_its_organisation_alone_as_the_system(open_salon: Business, open_garage: Business) -> None:
    with open_organisation(open_salon.organisation):
        work.count_customers.enqueue(open_salon.organisation.pk, 7)
    assert run_next_task("w")
    assert work.done == [("salon", "system", "count_customers", {"salon"}, 7)]


def test_a_task_that_reads_without_an_organisation_fails(
    open_salon: Business, caplog: pytest.LogCaptureFixture
) -> None:
    """I5: unscoped background work raises instead of reading everybody's rows."""
    work.read_customers_unscoped.enqueue()
    with caplog.at_level(logging.WARNING):
        assert run_next_task("w")
    assert work.done == []
    assert only_task().exception_class_path.endswith("ScopeError")


def test_a_scoped_task_is_queued_only_while_its_organisation_is_open(
    open_salon: Business, open_garage: Business
) -> None:
    """I5: neither from outside a scope nor for somebody else's organisation."""
    with pytest.raises(ScopeError):
        work.come_last.enqueue(open_salon.organisation.pk)
    with open_organisation(open_garage.organisation), pytest.raises(ScopeError):
        work.come_last.enqueue(open_salon.organisation.pk)
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("argument", [{"id": 1}, [1], 1.5, None, True])
def test_a_scoped_task_takes_ids_only(open_salon: Business, argument: Any) -> None:
    with open_organisation(open_salon.organisation), pytest.raises(TypeError):
        work.count_customers.enqueue(open_salon.organisation.pk, argument)


def test_a_lower_priority_waits_for_the_others(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        work.come_last.enqueue(open_salon.organisation.pk)
    work.write_down.enqueue("first")
    while run_next_task("w"):
        pass
    assert work.done == ["first", "last"]


def test_every_task_of_the_product_is_scoped() -> None:
    """I5: no room may declare a task that starts outside an organisation."""
    modules = [
        import_module(f"{app.name}.background")
        for app in apps.get_app_configs()
        if app.name.startswith("carnet.") and app.module and module_has_submodule(app.module, "background")
    ]
    assert modules
    unscoped = [
        f"{module.__name__}.{name}"
        for module in modules
        for name, value in inspect.getmembers(module, lambda value: isinstance(value, Task))
        if not isinstance(value, ScopedTask)
    ]
    assert unscoped == []


def killed_worker(folder: Path) -> str:
    """Return the name of a worker that was killed while it was present."""
    code = (
        "import sys, time; from pathlib import Path; from carnet.running.presence import Presence; "
        "here = Presence(Path(sys.argv[1])); print(here.name, flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as it:
        assert it.stdout is not None
        name = it.stdout.readline().strip()
        it.send_signal(signal.SIGKILL)
    return name
