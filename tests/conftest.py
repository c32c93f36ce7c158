"""What every test has: a database of its own kind, the cast, a browser; and guards that can be taken away."""

from __future__ import annotations

import os

import hypothesis
import pytest

from tests import guards

pytest_plugins = ["tests.cast", "tests.browser"]

# No time limits and no memory between runs: a test gives the same answer on a slow machine and a fresh one.
hypothesis.settings.register_profile("quick", deadline=None, database=None, derandomize=True, max_examples=60)
hypothesis.settings.register_profile("long", deadline=None, database=None, print_blob=True, max_examples=1_000)
hypothesis.settings.load_profile("long" if os.environ.get("CARNET_TEST_LONG") else "quick")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "main_job: a browser test of the main job, run on PostgreSQL too")
    config.addinivalue_line("markers", "long: takes minutes; run by `bin/carnet test --long`")
    config.addinivalue_line("markers", "guard(name): must fail when the guard is taken away (tests/guards.py)")
    if guard := os.environ.get("CARNET_WITHOUT"):
        guards.take_away(guard)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse marks that name no guard, and keep only the tests of the guard that is taken away."""
    for item in items:
        for mark in item.iter_markers("guard"):
            if set(mark.args) - set(guards.GUARDS):
                raise pytest.UsageError(f"{item.nodeid} names an unknown guard: {mark.args}")
    if guard := os.environ.get("CARNET_WITHOUT"):
        chosen = [item for item in items if any(guard in mark.args for mark in item.iter_markers("guard"))]
        config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
        items[:] = chosen
