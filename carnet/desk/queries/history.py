"""The history of one record, the same on every sheet: who did what, what was and became, when, and from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.db.models import Model, QuerySet

from carnet.appointments.models import Appointment
from carnet.catalogue.models import Service
from carnet.desk.queries.activity_words import LEFT_OUT, field_text, kind_text, value_text
from carnet.desk.queries.appointments import history_of as history_of_visit
from carnet.desk.queries.happened import Change, Happened, whence_text, who_text
from carnet.desk.queries.service_history import history_of as history_of_service
from carnet.organisations.access import Access
from carnet.organisations.fields import changes_told
from carnet.organisations.models import Activity

#: The latest lines that are shown; older ones are found in the activity.
MOST_LINES = 50
#: A changed field that is told only to who may see what it names.
NEEDED_FOR = {"service": "catalogue.see"}


def changes_of(access: Access, row: Activity) -> Iterator[Change]:
    """Yield what was changed and may be told; what was empty and stayed so is left out."""
    for key, before, after in changes_told(access, row.subject_kind, row.changes):
        if key in LEFT_OUT or (key in NEEDED_FOR and not access.holds(NEEDED_FOR[key])):
            continue
        change = Change(
            field_text(key, access, row.subject_kind),
            value_text(access, key, before, row.subject_kind),
            value_text(access, key, after, row.subject_kind),
        )
        if change.before or change.after:
            yield change


def rows_of(record: Model) -> QuerySet[Activity]:
    """Return what happened to a record that the reader sees, newest first; the latest of it."""
    found = Activity.objects.filter(subject_kind=record._meta.model_name, subject_id=record.pk)
    return found.order_by("-at", "-id")[:MOST_LINES]


def record_history(access: Access, record: Model) -> list[Happened]:
    """Return the history of a record that the reader may see; hidden fields are left out of it."""
    rows = rows_of(record)
    if isinstance(record, Service):
        return list(_told_apart(access, rows, history_of_service(access, rows), {"name", "price"}))
    if isinstance(record, Appointment):
        return history_of_visit(access, record, rows)
    return [
        Happened(
            row.at,
            kind_text(row.kind),
            who_text(row),
            whence=whence_text(access, row),
            changes=list(changes_of(access, row)),
        )
        for row in rows
    ]


def _told_apart(
    access: Access, rows: Iterable[Activity], lines: Iterable[Happened], said: set[str]
) -> Iterator[Happened]:
    """Yield the lines with what was edited; what their sentences have `said` already is not said again."""
    for row, line in zip(rows, lines, strict=True):
        kept = {key: change for key, change in row.changes.items() if key not in said}
        row.changes = kept if row.kind == "service.edited" else {}
        yield replace(line, changes=list(changes_of(access, row)))
