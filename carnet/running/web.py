"""The web server: granian's main process loads Carnet once, and its workers are forked from it."""

from __future__ import annotations

import argparse
import gc
import os
import signal
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from carnet.running.lineage import end_with_launcher, end_with_parent
from carnet.running.logs import log_to_terminal


def main() -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered first."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--ip", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    asked = parser.parse_args()
    end_with_launcher()
    load()
    gc.collect()
    gc.freeze()  # what is loaded now stays shared with the workers instead of being copied by the collector's marks
    server = Server(
        "carnet.wsgi:application",
        address=asked.ip,
        port=asked.port,
        interface=Interfaces.WSGI,
        workers=asked.workers,
        blocking_threads=asked.threads,
        # A thread keeps its database connection; one that ends takes it along.
        blocking_threads_idle_timeout=600,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=3,
    )
    # Granian would reload on SIGHUP, which a closing terminal sends to everyone; the launcher decides what it means.
    server.on_startup(lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    server.serve(target_loader=partial(load_in_worker, os.getpid()), wrap_loader=False)


def load() -> Callable[..., Any]:
    """Return the application; loading it opens no connection, so that none is shared by forked workers."""
    from carnet.wsgi import application

    log_to_terminal()
    return application


def load_in_worker(parent: int) -> Callable[..., Any]:
    """Return the application in a worker process, which is to end with its parent."""
    end_with_parent(parent)
    return load()


if __name__ == "__main__":
    main()
