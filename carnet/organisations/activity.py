"""The history: one row for each change, written in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Model

from carnet.base.inserting import insert, new_row
from carnet.organisations.access import Access
from carnet.organisations.models import Activity

Changes = Mapping[str, list[Any]]


def record(access: Access, kind: str, subject: Model, changes: Changes | None = None) -> Activity:
    """Write who did `kind` ("appointment.moved") to `subject` now; `changes` maps a field to [before, after]."""
    activity = entry(access, kind, subject, changes)
    insert(activity)
    return activity


def entry(access: Access, kind: str, subject: Model, changes: Changes | None = None) -> Activity:
    """Return the row that `record` writes, for whoever writes it together with others."""
    return new_row(
        Activity,
        organisation=access.organisation,
        at=access.now,
        kind=kind,
        actor_kind=access.actor.kind,
        member=access.member,
        actor=access.actor.name[:160],
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        changes=dict(changes or {}),
        door=access.door[:100],
        address=access.address,
    )
