"""Acts that happen at the same moment, for the tests of races."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from carnet.base.scopes import open_organisation
from tests.cast import Business


def together(business: Business, *acts: Callable[[], Any]) -> list[Any]:
    """Run all acts at the same moment, each in a thread of its own; return what each gave or raised."""
    start = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with open_organisation(business.organisation):
                start.wait()
                return act()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
