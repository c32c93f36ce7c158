"""What is measured, running: the product, the bare Django beside it, and the database under both."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from benchmarks.filling import Filled
from benchmarks.workload import Sizes, Stretch, free_places
from tests.postgresql import running_postgresql

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120.0
#: How far ahead searches look.
SEARCHED = timedelta(days=30)

#: As a PostgreSQL is installed: what is acknowledged is on the disk.
POSTGRESQL = """
max_connections = 200
shared_buffers = 128MB
log_min_messages = warning
"""


@dataclass
class Server:
    """One server process with its workers."""

    process: subprocess.Popen[bytes]
    port: int


@dataclass
class Stage:
    """One database with the product and the bare Django on it, and what is in them."""

    database: str
    sizes: Sizes
    first: date
    folder: Path
    filled: Filled
    product: Server
    bare: Server
    #: CARNET_DATABASE_URL of the product, "" for SQLite.
    address: str
    #: That of the copy which gets the long past.
    twin: str
    #: Places still free, taken by whoever needs a fresh one.
    places: Iterator[Stretch]

    @property
    def environment(self) -> dict[str, str]:
        return product_environment(self.folder / "product", self.address)

    @property
    def twin_environment(self) -> dict[str, str]:
        return product_environment(self.folder / "long-past", self.twin)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def product_environment(folder: Path, address: str) -> dict[str, str]:
    """Return the environment of a product in production mode, which must not write to anybody."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CARNET_", "DJANGO_"))}
    return {
        **kept,
        "CARNET_DATA": str(folder),
        "CARNET_DATABASE_URL": address,
        "CARNET_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
    }


def in_product(environment: dict[str, str], *module: str) -> Any:
    """Run `python -m MODULE …` and return the JSON it prints, None if it prints nothing."""
    done = subprocess.run(
        [sys.executable, "-m", *module], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout) if done.stdout.strip() else None


@contextmanager
def started(environment: dict[str, str], *arguments: str, port: int, log: Path) -> Iterator[Server]:
    """Start a server, wait until it accepts connections, and end it with all its workers afterwards."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _accepts(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{' '.join(arguments)} does not serve:\n{log.read_text()[-4000:]}")
            time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _accepts(port: int) -> bool:
    """Return whether the server answers; one that listens may still be loading."""
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(request)
            return connection.recv(64).startswith(b"HTTP/1.1")
    except OSError:
        return False


@contextmanager
def product_server(environment: dict[str, str], log: Path) -> Iterator[Server]:
    """Start the product as `carnet serve` does: launcher, two web processes, background worker."""
    port = free_port()
    command = ("carnet.cli", "serve", f"--port={port}", f"--data={environment['CARNET_DATA']}")
    with started(environment, *command, port=port, log=log) as server:
        yield server


@contextmanager
def stage(database: str, sizes: Sizes, first: date, folder: Path) -> Iterator[Stage]:
    """Fill one database and serve both applications on it."""
    folder = folder / database
    (folder / "product").mkdir(parents=True)
    with ExitStack() as stack:
        address, bare_database, twin = "", str(folder / "bare.sqlite3"), ""
        if database == "postgresql":
            server = stack.enter_context(running_postgresql(POSTGRESQL))
            address, bare_database = new_database(server, "product"), new_database(server, "bare")
        environment = product_environment(folder / "product", address)
        told = json.dumps(asdict(sizes))
        filled = Filled(**in_product(environment, "benchmarks.filling", first.isoformat(), told))
        # Copied now: a PostgreSQL that somebody is connected to cannot be.
        twin = copied(environment, folder / "long-past")
        bare_environment = {**environment, "CARNET_DATA": str(folder), "BENCH_BARE_DATABASE": bare_database}
        members = json.dumps(filled.members)
        in_product(bare_environment, "benchmarks.bare.tables", first.isoformat(), told, members)
        port = free_port()
        command = ("benchmarks.bare.server", str(port))
        bare = stack.enter_context(started(bare_environment, *command, port=port, log=folder / "bare.log"))
        product = stack.enter_context(product_server(environment, folder / "product.log"))
        # Searches look at the first month; bookings and races leave it alone.
        places = iter(free_places(sizes, first, first + SEARCHED))
        yield Stage(database, sizes, first, folder, filled, product, bare, address, twin, places)


@contextmanager
def with_long_past(stage: Stage) -> Iterator[Server]:
    """Give the product's copy its long past, and serve it beside the original."""
    environment = stage.twin_environment
    in_product(environment, "benchmarks.filling", "lengthen", str(stage.sizes.past + 1), str(stage.sizes.long_past))
    with product_server(environment, stage.folder / "long-past.log") as server:
        yield server


def new_database(server: str, name: str, template: str = "template0") -> str:
    """Create a database on the server and return its address."""
    import psycopg

    parts = urlsplit(server)
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return urlunsplit(parts._replace(path=f"/{name}"))


def copied(environment: dict[str, str], folder: Path) -> str:
    """Copy the product's database for another data folder; return its address, "" for SQLite."""
    folder.mkdir()
    source = Path(environment["CARNET_DATA"])
    shutil.copy(source / "secret-key", folder)
    if address := environment["CARNET_DATABASE_URL"]:
        return new_database(address, "long_past", template=urlsplit(address).path[1:])
    # Whoever wrote it has ended, so that everything is in the one file.
    shutil.copy(source / "carnet.sqlite3", folder)
    return ""


def deadlocks(address: str) -> int:
    """Return how many deadlocks PostgreSQL has counted in a database since it was made."""
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        row = connection.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row is not None
    return int(row[0])
