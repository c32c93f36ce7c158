"""Counts what a search reads: `python -m benchmarks.rows_read FROM TO` prints it as JSON.

On SQLite the steps of its virtual machine, which are the same exactly when the rows read are; on PostgreSQL the rows
that the plan's scans met, those dropped by a filter included.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from typing import Any

from benchmarks.filling import open_w


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    import django

    django.setup()
    print(json.dumps(read_by_search(date.fromisoformat(sys.argv[1]), date.fromisoformat(sys.argv[2]))))


def read_by_search(first: date, last: date) -> dict[str, Any]:
    """Return how much one search reads once the timetable is known, its statements, and the plan of the claims."""
    from django.db import connection

    from carnet.appointments.availability import Ask, slots
    from carnet.catalogue.models import Service

    statements: list[tuple[str, Any]] = []

    def noted(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        statements.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with open_w() as access:
        ask = Ask(Service.objects.get(name="Service 0"))
        slots(access, [ask], first, last)
        with connection.execute_wrapper(noted):
            slots(access, [ask], first, last)
    counts = [_on_postgresql(*one) if connection.vendor == "postgresql" else _on_sqlite(*one) for one in statements]
    return {
        "statements": len(statements),
        "read": sum(read for read, _plan in counts),
        "plan": "; ".join(plan for _read, plan in counts),
    }


def _on_sqlite(sql: str, parameters: Any) -> tuple[int, str]:
    from django.db import connection

    steps = 0

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)
        plan = "; ".join(row[3] for row in cursor.fetchall())
        connection.connection.set_progress_handler(step, 1)
        try:
            cursor.execute(sql, parameters)
            cursor.fetchall()
        finally:
            connection.connection.set_progress_handler(None, 1)
    return steps, plan


def _on_postgresql(sql: str, parameters: Any) -> tuple[int, str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters)
        (found,) = cursor.fetchone()
    root = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    read, told = 0, []
    waiting = [root]
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if "Relation Name" in node or "Index Name" in node:
            dropped = sum(value for name, value in node.items() if name.startswith("Rows Removed"))
            read += int((node["Actual Rows"] + dropped) * node["Actual Loops"])
            told.append(
                f"{node['Node Type']} {node.get('Index Name', node.get('Relation Name'))}"
                f" {node.get('Index Cond', node.get('Filter', ''))}"
            )
    return read, "; ".join(told)


if __name__ == "__main__":
    main()
