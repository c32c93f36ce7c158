"""Units of work: whole or not at all, repeated when the database was busy, and locks that make looking worthwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from carnet.base.constraints import violated
from carnet.base.locking import lock_in_order, locked
from carnet.base.unit_of_work import ATTEMPTS, Busy, repeatable, unit_of_work
from tests.base.app.models import Business, Chair, Hold
from tests.base.conftest import House, at_once, furnished

transactional = pytest.mark.django_db(transaction=True)


class Ill(Exception):
    pass


def fail_after(work: Callable[[], Any]) -> None:
    work()
    raise Ill


@transactional
def test_an_exception_undoes_the_whole_block() -> None:
    with pytest.raises(Ill), unit_of_work():
        fail_after(furnished)
    assert not Business.objects.exists()


@transactional
def test_a_unit_inside_another_is_undone_alone() -> None:
    with unit_of_work():
        house = furnished()
        with pytest.raises(Ill), unit_of_work():
            fail_after(partial(house.hold, "10:00", "11:00"))
    assert Business.objects.count() == 2
    assert not Hold.objects.exists()


@contextmanager
def somebody_holding(chair: Chair) -> Iterator[threading.Event]:
    """Keep the chair's row (on SQLite the whole file) locked in another thread until the event is set."""
    taken, release = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            lock_in_order(Chair.objects.filter(pk=chair.pk))
            taken.set()
            release.wait()
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    taken.wait()
    try:
        yield release
    finally:
        release.set()
        thread.join()


@contextmanager
def impatient() -> Iterator[None]:
    """Let this connection wait 50 ms for locks."""
    short, usual = (
        ("PRAGMA busy_timeout=50", "PRAGMA busy_timeout=20000")
        if connection.vendor == "sqlite"
        else ("SET lock_timeout = '50ms'", "SET lock_timeout = '10s'")
    )
    with connection.cursor() as cursor:
        cursor.execute(short)
        yield
        cursor.execute(usual)


@pytest.mark.race
@transactional
def test_whoever_waits_too_long_is_told_that_it_is_busy() -> None:
    house = furnished()
    attempts = []

    @repeatable
    def write() -> None:
        attempts.append(1)
        lock_in_order(Chair.objects.filter(pk=house.chair.pk))

    with somebody_holding(house.chair), impatient(), pytest.raises(Busy) as refusal:
        write()
    assert isinstance(refusal.value.__cause__, OperationalError)
    assert refusal.value.status == 503
    # SQLite refuses at BEGIN, before the action itself has begun.
    assert len(attempts) == (0 if connection.vendor == "sqlite" else ATTEMPTS)


@pytest.mark.race
@transactional
def test_work_that_was_refused_for_a_moment_is_done_again_from_the_start() -> None:
    house = furnished()
    with somebody_holding(house.chair) as release, impatient():
        attempts: list[int] = []

        @repeatable
        def write() -> Hold:
            attempts.append(Hold.objects.count())
            hold = house.hold(f"{10 + len(attempts)}:00", "20:00")
            if len(attempts) == 1:
                fail_for_a_moment()
            return hold

        def fail_for_a_moment() -> None:
            # The database's own error: another connection that cannot get the lock within its 50 ms.
            [error] = at_once(stumble)
            release.set()
            raise error

        def stumble() -> None:
            with impatient(), transaction.atomic():
                lock_in_order(Chair.objects.filter(pk=house.chair.pk))

        if connection.vendor == "sqlite":
            # The one writer: nobody can hold the file while this work is under way.
            release.set()
        write()
    assert attempts == [0, 0]
    assert Hold.objects.count() == 1


@pytest.mark.race
@transactional
def test_a_deadlock_is_resolved_by_repeating_one_of_the_two() -> None:
    """(A4) Two who lock the same rows in opposite order: both succeed in the end, nobody sees an error."""
    house = furnished()
    rows = [house.chair.pk, house.other_chair.pk]
    both_have_one = threading.Barrier(2)
    first_try = threading.local()

    @repeatable
    def lock_both(order: list[int]) -> str:
        locked(Chair.objects.all(), pk=order[0])
        if connection.vendor == "postgresql" and not getattr(first_try, "over", False):
            first_try.over = True
            both_have_one.wait()
        locked(Chair.objects.all(), pk=order[1])
        return "done"

    assert at_once(partial(lock_both, rows), partial(lock_both, rows[::-1])) == ["done", "done"]


@transactional
def test_errors_that_would_come_again_are_not_repeated() -> None:
    house = furnished()
    house.hold("10:00", "11:00")
    attempts = []

    @repeatable
    def write() -> None:
        attempts.append(1)
        house.hold("10:00", "11:00")

    with pytest.raises(IntegrityError) as refusal:
        write()
    assert violated(refusal.value) == "small_hold_no_overlap"
    assert attempts == [1]


@transactional
def test_inside_another_unit_a_repeatable_action_is_a_savepoint() -> None:
    house = furnished()

    @repeatable
    def write(start: str) -> None:
        house.hold(start, "12:00")
        raise Ill

    with unit_of_work():
        house.hold("08:00", "09:00")
        with pytest.raises(Ill):
            write("10:00")
    assert Hold.objects.count() == 1


# Lock, then look


@pytest.mark.race
@pytest.mark.guard("resource_lock")
@transactional
def test_who_waited_for_the_lock_sees_what_the_other_has_written() -> None:
    """(A1) Two look whether the chair is free, in different lanes so that no constraint helps, and write if it is."""
    house = furnished()
    looked = [threading.Event(), threading.Event()]

    @repeatable
    def write_if_free(me: int) -> bool:
        lock_in_order(Chair.objects.filter(pk=house.chair.pk))
        free = not Hold.objects.filter(chair=house.chair).exists()
        looked[me].set()
        # Give the other every chance to look too before this is written; under lock it cannot.
        looked[1 - me].wait(timeout=0.5)
        if free:
            house.hold("10:00", "11:00", lane=me)
        return free

    assert sorted(at_once(partial(write_if_free, 0), partial(write_if_free, 1))) == [False, True]
    assert Hold.objects.count() == 1


@pytest.mark.race
@pytest.mark.guard("resource_lock")
@transactional
def test_a_locked_row_is_read_as_it_is_now() -> None:
    """Three add to the row that they had read long before; nothing is lost."""
    house = furnished()
    Chair.objects.filter(pk=house.chair.pk).update(name="")

    def add(letter: str) -> None:
        for _time in range(5):
            with unit_of_work():
                chair = locked(Chair.objects.all(), pk=house.chair.pk)
                chair.name += letter
                chair.save()

    at_once(*(partial(add, letter) for letter in "abc"))
    assert sorted(Chair.objects.get(pk=house.chair.pk).name) == sorted("abc" * 5)


@transactional
def test_locking_leaves_rows_that_refer_to_it_alone() -> None:
    """A plain FOR UPDATE would make everybody wait who writes a row that belongs to this chair."""
    house = furnished()
    if connection.vendor == "sqlite":
        with unit_of_work():
            assert locked(Chair.objects.all(), pk=house.chair.pk) == house.chair
        return
    with somebody_holding(house.chair), impatient():
        house.hold("10:00", "11:00")
    assert Hold.objects.count() == 1


@pytest.mark.django_db
def test_rows_are_locked_through_joins_once_each_in_the_order_of_their_ids(house: House) -> None:
    back = Chair.objects.create(organisation=house.business, name="at the back")
    for chair in (back, house.chair):
        for start in ("10:00", "11:00"):
            house.hold(start, f"{start[:3]}30", chair=chair)
    with unit_of_work():
        chairs = lock_in_order(Chair.objects.filter(holds__active=True).order_by("-name"))
        assert chairs == [house.chair, back]
        assert locked(Chair.objects.filter(holds__active=True).distinct(), pk=back.pk) == back
        with pytest.raises(Chair.DoesNotExist):
            locked(Chair.objects.filter(holds__active=False), pk=back.pk)


@pytest.mark.django_db
def test_violated_names_the_same_constraint_on_both_databases(house: House) -> None:
    def name_of(write: Any) -> str | None:
        with pytest.raises(IntegrityError) as refusal, unit_of_work():
            write()
        return violated(refusal.value)

    house.hold("10:00", "11:00")
    assert name_of(lambda: house.hold("10:00", "11:00")) == "small_hold_no_overlap"
    assert name_of(lambda: house.hold("12:00", "12:00")) == "small_hold_lasts"
    same_name = Chair(organisation=house.business, name=house.chair.name)
    assert name_of(same_name.save) == "small_chair_name_once"
    # Of a column that must not be empty, no name is known to either.
    assert name_of(lambda: house.hold("13:00", "14:00", lane=None)) is None
