"""The tree of roles, as far as access asks about it."""

from __future__ import annotations

from collections.abc import Iterable


def below(role: int, parents: Iterable[tuple[int, int | None]]) -> frozenset[int]:
    """Return the ids of all roles under `role`, where `parents` says of each role which one it lies under."""
    children: dict[int | None, list[int]] = {}
    for pk, parent in parents:
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = list(children.get(role, []))
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += children.get(one, [])
    return frozenset(found)
