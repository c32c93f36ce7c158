"""SQLite's writers stand in line: one at a time in all processes, woken at once, and nobody sees a locked file."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.db.utils import ConnectionHandler

from carnet.base.sqlite.line import Line, line_before
from carnet.base.unit_of_work import repeatable
from tests.base.app.models import Hold
from tests.base.conftest import at_once, furnished

ANOTHER = """
import sys
from carnet.base.sqlite.line import line_before
assert line_before(sys.argv[1]).enter(60)
print("mine", flush=True)
sys.stdin.read()
"""

STRANGER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1])
held.execute("BEGIN IMMEDIATE")
print("mine", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "book.sqlite3"


@pytest.fixture
def writer(db: None, file: Path) -> Iterator[Any]:
    """Return a connection of its own to a file of its own, as the product's settings make it."""
    settings = {"ENGINE": "carnet.base.sqlite", "NAME": str(file), "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
    handler = ConnectionHandler({"default": settings})
    yield handler["default"]
    handler["default"].close()


def begin(writer: Any) -> None:
    """Begin as `transaction.atomic` does."""
    writer.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def is_free(file: Path) -> bool:
    """Return whether the next in line would not have to wait for anybody."""
    with open(f"{os.path.realpath(file)}-line", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


def another_process(file: Path) -> subprocess.Popen[str]:
    """Start a process that enters the line, says so, and stays until its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", ANOTHER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_sixty_four_writers_all_get_their_turn() -> None:
    """(D8) They wait; nobody is told that the database is locked, and nothing that was written is lost."""
    house = furnished()

    @repeatable
    def write(number: int) -> int:
        # Whoever came between looking and writing would make this number wrong; PostgreSQL locks rows, not files.
        seen = Hold.objects.count() if connection.vendor == "sqlite" else 0
        house.hold("10:00", "11:00", lane=number)
        return seen

    outcomes = at_once(*(partial(write, number) for number in range(64)))
    assert [outcome for outcome in outcomes if isinstance(outcome, Exception)] == []
    assert Hold.objects.count() == 64
    if connection.vendor == "sqlite":
        assert sorted(outcomes) == list(range(64))


def test_a_turn_is_waited_for_across_processes_and_ends_with_the_process_that_had_it(file: Path) -> None:
    other = another_process(file)
    assert other.stdout
    assert other.stdout.readline() == "mine\n"
    assert not is_free(file)
    other.send_signal(signal.SIGKILL)
    assert line_before(str(file)).enter(60)
    line_before(str(file)).leave()
    other.communicate()
    assert is_free(file)


def test_whoever_leaves_lets_another_process_in(file: Path) -> None:
    assert line_before(str(file)).enter(60)
    other = another_process(file)
    line_before(str(file)).leave()
    assert other.communicate()[0] == "mine\n"


def test_a_forked_process_does_not_share_its_parents_turn(file: Path) -> None:
    assert line_before(str(file)).enter(60)
    child = os.fork()
    if not child:
        # It has the parent's memory, in which the turn is taken, and the file by which the parent took it.
        os._exit(0 if line_before(str(file)).enter(10) else 1)
    line_before(str(file)).leave()
    assert os.waitpid(child, 0)[1] == 0
    assert is_free(file)


def test_whoever_runs_out_of_patience_is_told(file: Path) -> None:
    line = Line(f"{file}-line")
    assert line.enter(60)
    assert at_once(partial(line.enter, 0)) == [False]
    line.leave()
    line.close()


def test_a_turn_lasts_from_begin_to_commit(writer: Any, file: Path) -> None:
    begin(writer)
    assert not is_free(file)
    writer.commit()
    assert is_free(file)


def test_a_turn_ends_with_a_rollback(writer: Any, file: Path) -> None:
    begin(writer)
    writer.rollback()
    assert is_free(file)


def test_a_turn_ends_with_the_connection(writer: Any, file: Path) -> None:
    begin(writer)
    writer.close()
    assert is_free(file)


def test_a_turn_ends_when_sqlite_says_no(writer: Any, file: Path) -> None:
    """Somebody who knows nothing of the line has the file."""
    with writer.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=0")
    stranger = subprocess.Popen(
        [sys.executable, "-c", STRANGER, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert stranger.stdout
    assert stranger.stdout.readline() == "mine\n"
    with pytest.raises(OperationalError):
        begin(writer)
    assert is_free(file)
    stranger.communicate()


def test_a_database_in_memory_has_no_line(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = {"ENGINE": "carnet.base.sqlite", "NAME": ":memory:", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
    writer = ConnectionHandler({"default": settings})["default"]
    begin(writer)
    writer.commit()
    assert list(tmp_path.iterdir()) == []
