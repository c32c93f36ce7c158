"""How laws are tried out: few fixed examples every day, twenty times as many new ones with CARNET_LONG=1."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LONG = bool(os.environ.get("CARNET_LONG") or os.environ.get("CARNET_TEST_LONG"))

# Fixed examples never surprise somebody who changed something else; the long run looks for what they miss, and
# prints how to repeat what it finds.
settings.register_profile(
    "scheduling",
    derandomize=not LONG,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def law(examples: int) -> settings:
    """Return the settings of a law that is tried on this many examples."""
    return settings(settings.get_profile("scheduling"), max_examples=examples * (20 if LONG else 1))
