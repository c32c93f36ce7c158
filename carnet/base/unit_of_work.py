"""Units of work: whole or not at all, and tried again when the database asks for it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from carnet.base.errors import TradeError

P = ParamSpec("P")
ResultT = TypeVar("ResultT")

ATTEMPTS = 3
#: Serialisation failure, deadlock, lock timeout: nothing is wrong with what was asked, only with the moment.
PASSING_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
#: SQLITE_BUSY and SQLITE_LOCKED, the low byte of whatever extended code SQLite gives.
PASSING_SQLITE_CODES = frozenset({5, 6})


class Busy(TradeError):
    """Too many people wanted the same rows for too long; nothing has changed, and trying again may work."""

    code = "busy"
    status = 503

    def sentence(self) -> str:
        return _("Too much is going on at the moment. Please try again.")


def unit_of_work() -> AbstractContextManager[None]:
    """Open a transaction, or a savepoint inside the one that is open; an exception undoes the block.

    A block cannot be repeated from outside, so an action that waits for locks is a function marked `@repeatable`.
    """
    return transaction.atomic()


def repeatable(action: Callable[P, ResultT]) -> Callable[P, ResultT]:
    """Run `action` as one unit of work, and again from the start, three times in all, when the database was busy.

    Only the outermost transaction can be repeated: inside another, this is a savepoint. So `action` does nothing
    that a rollback does not undo, and reads again whatever it decides on. Raises `Busy` after the last attempt.
    """

    @wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> ResultT:
        if connection.in_atomic_block:
            with unit_of_work():
                return action(*args, **kwargs)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                # The commit lies inside the `try`: it may be refused like any other statement.
                with unit_of_work():
                    return action(*args, **kwargs)
            except DatabaseError as error:
                if not is_passing(error):
                    raise
                if attempt == ATTEMPTS:
                    raise Busy from error
            # Whoever collided once would collide again at the same pace.
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        raise AssertionError("unreachable")

    return run


def is_passing(error: DatabaseError) -> bool:
    """Return whether the same work may succeed a moment later: deadlock, serialisation, lock timeout, locked file."""
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in PASSING_SQLSTATES:
        return True
    code = getattr(cause, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in PASSING_SQLITE_CODES
