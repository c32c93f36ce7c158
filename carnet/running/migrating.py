"""Bringing the database to the shape this code knows; never back."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from carnet.running.places import Refused

#: Apps that Carnet once had: their migrations stand in old databases and mean nothing any more.
FORMER_APPS: frozenset[str] = frozenset()
#: Any number will do, as long as it is always the same: who migrates a PostgreSQL holds the lock of this number.
_LOCK = 732_264_001


def migrate() -> bool:
    """Apply what is missing; return whether there was anything to do.

    Each migration is one transaction: interrupted, the next start goes on from there. Raises Refused when the
    database was written by a newer Carnet.
    """
    with _alone():
        refuse_newer_database()
        executor = MigrationExecutor(connection)
        missing = bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        if missing:
            call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
    return missing


def refuse_newer_database() -> None:
    """Raise Refused if the database holds migrations that this code does not know."""
    loader = MigrationLoader(connection)
    known = set(loader.disk_migrations)
    for migration in loader.disk_migrations.values():
        known.update(migration.replaces)
    unknown = sorted(f"{app}.{name}" for app, name in set(loader.applied_migrations) - known if app not in FORMER_APPS)
    if unknown:
        raise Refused(
            f"This database was written by a newer Carnet (it knows {unknown[0]}, this version does not). "
            "Start the newer version, or restore a backup made with this one."
        )


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process at a time migrate a database."""
    with (Path(settings.DATA) / "migrating.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
