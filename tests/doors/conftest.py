from __future__ import annotations

import pytest

from tests.doors.world import World, build_world, fence_up


@pytest.fixture
def world(db: None) -> World:
    with fence_up():
        return build_world()
