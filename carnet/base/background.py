"""What the worker does for the database itself."""

from __future__ import annotations

from django.db import connection

from carnet.base.ticks import every

#: Rows of an index that are looked at; all of them would take minutes where there are millions.
SAMPLED = 1_000


@every(seconds=3600)
def look_at_tables() -> None:
    """Have SQLite see how its tables are filled, as PostgreSQL does by itself.

    Without such statistics it takes every index for equally good, and to find what belongs to one visit or customer
    it may read all rows of the organisation.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA analysis_limit = {SAMPLED}")
            cursor.execute("ANALYZE")
