"""Serves the bare Django as `carnet.running.web` serves the product: `python -m benchmarks.bare.server PORT`."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from carnet.running.lineage import end_with_parent


def load() -> Callable[..., Any]:
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"
    import django
    from django.core.handlers.wsgi import WSGIHandler
    from django.urls import get_resolver

    django.setup()
    get_resolver().check()
    return WSGIHandler()


def load_in_worker(application: Callable[..., Any], parent: int) -> Callable[..., Any]:
    end_with_parent(parent)
    return application


def main() -> None:
    end_with_parent(os.getppid())
    application = load()
    gc.collect()
    gc.freeze()
    Server(
        "benchmarks.bare",
        address="127.0.0.1",
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        blocking_threads_idle_timeout=600,
        log_level=LogLevels.warning,
    ).serve(target_loader=partial(load_in_worker, application, os.getpid()), wrap_loader=False)


if __name__ == "__main__":
    main()
