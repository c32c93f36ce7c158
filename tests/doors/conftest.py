from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.doors.world import World, build_world, fence_up


@pytest.fixture
def world(db: None, set_clock: Callable[[datetime], None]) -> World:
    """The world at one instant: two answers are compared word for word, and a page tells the minute."""
    set_clock(datetime.now(UTC))
    with fence_up():
        return build_world()
