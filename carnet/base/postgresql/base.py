"""Django's PostgreSQL backend with statements prepared by the server, and a look at the line instead of a question."""

from __future__ import annotations

import time
from select import POLLIN, poll
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

#: After a rest of so many seconds a connection is asked whether it lives; a firewall may have dropped it silently.
LONG_REST = 30.0


# The stubs know neither psycopg 3's cursors nor what Django keeps to itself.
_django: Any = base


class PreparedCursor(_django.ServerBindingCursor):  # type: ignore[misc]
    """Has the server keep each statement ready: to plan one again takes longer than to run it.

    The values travel beside the statement, so whoever uses it must not write values into the statement.
    """

    def execute(self, query: Any, params: Any = None, **_: Any) -> Any:
        return super().execute(query, params, prepare=True)


class DatabaseWrapper(_django.DatabaseWrapper):  # type: ignore[misc]
    _rested_since = 0.0

    def prepared_cursor(self, *, numbers_only: bool = False) -> CursorWrapper:
        """Return a cursor for a statement that is run over and over.

        With `numbers_only`, rows come in binary, which is quicker to read; Django's fields understand texts only.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = PreparedCursor(self.connection)
            cursor.format = _django.Database.pq.Format(numbers_only)
            prepared: CursorWrapper = self._prepare_cursor(cursor)
            return prepared

    def is_usable(self) -> bool:
        """Return whether the connection lives, without a round trip if it was used a moment ago.

        A server that ends a connection says so: then there is something to read on a line that should be silent.
        """
        if self.connection is None or self.connection.closed:
            return False
        asked_before, self._rested_since = self._rested_since, time.monotonic()
        if self._rested_since - asked_before < LONG_REST:
            line = poll()
            line.register(self.connection.fileno(), POLLIN)
            if not line.poll(0):
                return True
        return bool(super().is_usable())
