"""In which order rules are worked out that ask for each other's results."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from carnet.customisation.rules.errors import RuleError


def in_order(asks: Mapping[str, Collection[str]]) -> tuple[str, ...]:
    """Return the names so that each comes after those it asks for; raises RuleError ("cycle") where that cannot be.

    Names that are asked for and ask nothing themselves need not be given, and are not returned.
    """
    waiting = {name: {other for other in others if other in asks} for name, others in asks.items()}
    done: list[str] = []
    while waiting:
        ready = [name for name, others in waiting.items() if not others]
        if not ready:
            raise RuleError("cycle", 0, min(waiting))
        for name in ready:
            del waiting[name]
        for others in waiting.values():
            others.difference_update(ready)
        done += ready
    return tuple(done)
