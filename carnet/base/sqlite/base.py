"""Django's SQLite backend with a line for those who begin a transaction that writes."""

from __future__ import annotations

import os
from typing import Any

from django.db.backends.sqlite3 import base

from carnet.base.sqlite.line import Line, line_before

# The stubs do not know what Django keeps to itself.
_django: Any = base


class DatabaseWrapper(_django.DatabaseWrapper):  # type: ignore[misc]
    #: In whose line it is this connection's turn.
    _turn: Line | None = None
    #: Where the file really is: it does not move while it is open.
    _path: str | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._take_turn()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()
        # A commit that fails is rolled back or closed, and the turn lasts until then.
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()
        finally:
            self._end_turn()

    def _take_turn(self) -> None:
        # A database in memory belongs to one connection; a deferred transaction may never write.
        if self._turn is None and self.transaction_mode == "IMMEDIATE" and not self.is_in_memory_db():
            self._path = self._path or os.path.realpath(str(self.settings_dict["NAME"]))
            line = line_before(self._path)
            # Mostly nobody stands there, and nobody need be asked how long one would wait.
            if line.enter(0) or line.enter(self._patience()):
                self._turn = line

    def _patience(self) -> float:
        (milliseconds,) = self.connection.execute("PRAGMA busy_timeout").fetchone()
        return float(milliseconds) / 1000

    def _end_turn(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.leave()
