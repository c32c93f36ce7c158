"""Starting, stopping and being killed, with real processes."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import urllib.error
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.running.conftest import Run, descendants, lives, wait_until

Carnet = Callable[..., Run]


def test_a_taken_port_gets_one_line_and_exit_2_before_anything_is_made(carnet: Carnet, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        run = carnet("serve", port=port)
        assert run.exit_code() == 2
    assert run.err.read_text() == f"Port {port} is taken. Choose another, for example --port {port + 1}.\n"
    assert list(run.data.iterdir()) == []


def test_a_port_that_another_server_is_willing_to_share_is_taken_all_the_same(carnet: Carnet, port: int) -> None:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        run = carnet("demo", port=port)
        assert run.exit_code() == 2
    assert "is taken" in run.err.read_text()


@pytest.mark.parametrize("number", ["0", "65536", "-1", "eighty", "80 80", "٨٠"])
def test_a_port_that_is_none_gets_exit_2(carnet: Carnet, number: str) -> None:
    run = carnet("serve", f"--port={number}")
    assert run.exit_code() == 2
    assert "is not a port" in run.err.read_text()


@pytest.mark.parametrize("command", ["serve", "demo", "worker", "migrate"])
def test_a_folder_that_cannot_be_written_gets_one_line_and_exit_2(carnet: Carnet, tmp_path: Path, command: str) -> None:
    file = tmp_path / "file"
    file.write_text("nothing can lie below a file, not even for root")
    run = carnet(command, data=file / "data")
    assert run.exit_code() == 2
    assert run.err.read_text() == (
        f"The data folder {file}/data cannot be written (Not a directory). Choose another with --data DIR.\n"
    )


def test_an_unknown_host_gets_one_line_and_exit_2(carnet: Carnet, port: int) -> None:
    run = carnet("serve", "--host", "no host of this name", port=port)
    assert run.exit_code() == 2
    assert run.err.read_text() == "The host no host of this name is not known here. Choose another with --host HOST.\n"


def test_the_commands_of_a_checkout_say_where_they_are(carnet: Carnet) -> None:
    run = carnet("check", "--without", "csrf")
    assert run.exit_code() == 2
    assert "bin/carnet check --without csrf" in run.err.read_text()


def test_a_start_prints_the_address_and_each_room_s_lines_once_the_server_answers(carnet: Carnet, port: int) -> None:
    run = carnet("serve", port=port).served()
    assert run.out.read_text().splitlines() == [
        f"Carnet is at http://localhost:{port}",
        "Good morning.",
        "Stop it with Ctrl+C.",
    ]
    assert run.get("/healthz") == {"status": "ok"}
    assert run.get("/readyz") == {"status": "ok", "database": "ok"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stopped_launcher_takes_everything_along_and_exits_0(carnet: Carnet, port: int, number: int) -> None:
    run = carnet("serve", port=port).served()
    wait_until((run.data / "ticks").exists, "a worker at work")
    family = descendants(run.pid)
    assert len(family) == 4
    assert run.end(number) == 0
    assert [line for pid, line in family.items() if lives(pid)] == []
    assert list((run.data / "workers").iterdir()) == []
    assert "Traceback" not in run.err.read_text()


def test_a_launcher_that_is_killed_leaves_no_orphans(carnet: Carnet, port: int) -> None:
    run = carnet("serve", port=port).served()
    run.child("carnet.cli worker")
    family = descendants(run.pid)
    assert len(family) == 4
    assert run.end(signal.SIGKILL) == -signal.SIGKILL
    wait_until(lambda: not any(lives(pid) for pid in family), "the orphans' end")


def test_a_web_server_that_is_killed_ends_everything_with_exit_1(carnet: Carnet, port: int) -> None:
    run = carnet("serve", port=port).served()
    run.child("carnet.cli worker")
    family = descendants(run.pid)
    os.kill(next(pid for pid, line in family.items() if "running.web" in line), signal.SIGKILL)
    assert run.exit_code() == 1
    wait_until(lambda: not any(lives(pid) for pid in family), "the end of the web workers")


def test_a_killed_web_process_is_replaced(carnet: Carnet, port: int) -> None:
    run = carnet("serve", port=port).served()
    killed = run.get("/pid")["pid"]
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: _workers_of(run) - {killed} and len(_workers_of(run) - {killed}) == 2, "the new web process")
    assert run.get("/pid")["pid"] != killed


def _workers_of(run: Run) -> set[int]:
    lines = descendants(run.pid)
    main = run.child("running.web")
    return {pid for pid in descendants(main) if pid in lines}


def test_a_killed_background_worker_is_replaced(carnet: Carnet, port: int) -> None:
    run = carnet("serve", port=port).served()
    killed = run.child("carnet.cli worker")
    os.kill(killed, signal.SIGKILL)
    wait_until(lambda: not lives(killed), "the worker's end")
    assert run.child("carnet.cli worker") != killed
    assert "starting it again in 1 s" in run.err.read_text()


def test_a_database_written_by_a_newer_version_is_left_alone(carnet: Carnet, port: int) -> None:
    """E9: a downgrade is refused before anything is written."""
    migrated = carnet("migrate")
    assert migrated.exit_code() == 0
    with sqlite3.connect(migrated.data / "carnet.sqlite3") as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('auth', '9999_later', '2030-01-01')"
        )
    database.close()
    for arguments, place in ((("serve",), port), (("worker",), 0), (("migrate",), 0)):
        run = carnet(*arguments, port=place)
        assert run.exit_code() == 2
        assert "written by a newer Carnet (it knows auth.9999_later, this version does not)" in run.err.read_text()
        assert run.out.read_text() == ""


def test_a_start_that_was_killed_while_migrating_is_finished_by_the_next(carnet: Carnet, port: int) -> None:
    """E9: a crash during migration leaves whole migrations behind, and the next start goes on."""
    first = carnet("migrate")
    database = first.data / "carnet.sqlite3"
    wait_until(lambda: database.exists() and database.stat().st_size > 0, "the first table")
    first.end(signal.SIGKILL)
    run = carnet("serve", port=port).served()
    assert run.get("/readyz")["status"] == "ok"


def test_two_that_migrate_one_folder_at_once_both_succeed(carnet: Carnet) -> None:
    runs = [carnet("migrate") for _ in range(3)]
    assert [run.exit_code() for run in runs] == [0, 0, 0]
    assert sorted(run.out.read_text() for run in runs) == [
        "The database is up to date now.\n",
        "The database was up to date already.\n",
        "The database was up to date already.\n",
    ]


def test_an_error_of_a_page_reaches_the_terminal_with_its_traceback(carnet: Carnet, port: int) -> None:
    run = carnet("serve", port=port).served()
    with pytest.raises(urllib.error.HTTPError) as answer:
        run.get("/broken")
    answer.value.close()
    assert answer.value.code == 500
    wait_until(lambda: "ZeroDivisionError: as asked" in run.err.read_text(), "the traceback")


def test_the_secrets_of_a_data_folder_are_for_its_owner_alone(carnet: Carnet) -> None:
    run = carnet("migrate")
    assert run.exit_code() == 0
    assert run.data.stat().st_mode & 0o077 == 0
    assert (run.data / "secret-key").stat().st_mode & 0o077 == 0
