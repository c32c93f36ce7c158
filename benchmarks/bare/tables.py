"""The bare tables: a visit, its claim, the same guard against double booking, and nothing else."""

from __future__ import annotations

import json
import os
import sys
from datetime import date

from benchmarks.workload import BLOCK, Sizes, visits

TABLES = {
    "sqlite": """
        CREATE TABLE resource (id integer PRIMARY KEY, told text NOT NULL);
        CREATE TABLE visit (id integer PRIMARY KEY, customer integer, starts integer, ends integer);
        CREATE TABLE claim (id integer PRIMARY KEY, visit integer, resource integer, starts integer, ends integer);
        CREATE INDEX claim_by_start ON claim (starts, ends, resource);
        CREATE INDEX claim_by_resource ON claim (resource, starts);
        CREATE TRIGGER claim_no_overlap AFTER INSERT ON claim BEGIN
            SELECT RAISE(ABORT, 'claim_no_overlap') WHERE (
                SELECT ends FROM claim WHERE resource = NEW.resource AND starts < NEW.ends AND id <> NEW.id
                ORDER BY starts DESC LIMIT 1) > NEW.starts; END;
    """,
    "postgresql": """
        CREATE TABLE resource (id int PRIMARY KEY, told text NOT NULL);
        CREATE TABLE visit (id bigserial PRIMARY KEY, customer bigint, starts bigint, ends bigint);
        CREATE TABLE claim (id bigserial PRIMARY KEY, visit bigint, resource int, starts bigint, ends bigint,
            CONSTRAINT claim_no_overlap EXCLUDE USING gist
                (int4range(resource, resource, '[]') WITH &&, int8range(starts, ends) WITH &&));
        CREATE INDEX claim_by_start ON claim (starts, ends, resource);
    """,
}


def main() -> None:
    """Fill the bare database: `python -m benchmarks.bare.tables FIRST_DAY SIZES MEMBER_IDS`."""
    first, sizes, members = date.fromisoformat(sys.argv[1]), Sizes(**json.loads(sys.argv[2])), json.loads(sys.argv[3])
    os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.bare.settings"
    import django
    from django.db import connection, transaction

    django.setup()
    with connection.cursor() as cursor, transaction.atomic():
        for statement in _statements(TABLES[connection.vendor]):
            cursor.execute(statement)
        cursor.executemany("INSERT INTO resource VALUES (%s, %s)", list(enumerate(members)))
        shift = int(BLOCK.total_seconds())
        cursor.executemany(
            "INSERT INTO claim (visit, resource, starts, ends) VALUES (0, %s, %s, %s)",
            [
                (visit.member, int(visit.start.timestamp()) - past * shift, int(visit.end.timestamp()) - past * shift)
                for visit in visits(sizes, first)
                for past in range(sizes.past + 1)
            ],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _statements(script: str) -> list[str]:
    """Cut at semicolons, which only end a trigger after its END."""
    parts, found = script.split(";\n"), [""]
    for part in parts:
        found[-1] += part
        if found[-1].count("BEGIN") == found[-1].count("END"):
            found.append("")
        else:
            found[-1] += ";\n"
    return [statement for statement in found if statement.strip()]


if __name__ == "__main__":
    main()
