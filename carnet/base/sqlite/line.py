"""The line in front of a file that one may write at a time: whoever waits in it is woken as soon as it is her turn.

SQLite itself has whoever finds the file busy sleep, a little longer each time, and look again: much of a busy second is
slept away, and who came first may be last. The line only orders. Whoever runs out of patience in it, or knows
nothing of it, asks SQLite as before.
"""

from __future__ import annotations

import fcntl
import os
from threading import Lock


class Line:
    """The line of one file: threads wait for each other by a lock, processes by one on a file beside it.

    The kernel takes that one back from a process that dies, and hands it on in the order in which it was asked for.
    """

    def __init__(self, path: str) -> None:
        self._here = Lock()
        self._everywhere = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def enter(self, patience: float) -> bool:
        """Wait for one's turn; return False if so many seconds were not enough. The turn lasts until `leave`."""
        if not self._here.acquire(timeout=patience):
            return False
        fcntl.flock(self._everywhere, fcntl.LOCK_EX)
        return True

    def leave(self) -> None:
        fcntl.flock(self._everywhere, fcntl.LOCK_UN)
        self._here.release()

    def close(self) -> None:
        os.close(self._everywhere)


_lines: dict[str, Line] = {}
_opening = Lock()


def line_before(database: str) -> Line:
    """Return the line in front of the database file of that real path: one for all connections of the process."""
    if (known := _lines.get(database)) is not None:
        return known
    with _opening:
        if database not in _lines:
            _lines[database] = Line(f"{database}-line")
        return _lines[database]


def _begin_anew() -> None:
    """Let a forked process stand in line by itself: with its parent's open file it would share its parent's turn."""
    global _opening
    _opening = Lock()
    for line in _lines.values():
        line.close()
    _lines.clear()


os.register_at_fork(after_in_child=_begin_anew)
