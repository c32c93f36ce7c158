"""The system at work in an organisation, without anybody asking."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import QuerySet

from carnet.base import clock
from carnet.base.scopes import open_organisation
from carnet.base.starting import before_serving
from carnet.base.tasks import Interrupted, give_way, opens_organisations
from carnet.base.ticks import every
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations import first_run
from carnet.organisations.access import Access
from carnet.organisations.back_off import forgotten_tries
from carnet.organisations.export import throw_away
from carnet.organisations.models import EmailChange, Export, Organisation, SignIn
from carnet.organisations.removal import due_for_removal, remove

logger = logging.getLogger("carnet.organisations")

#: Steps of one tick, so that letters get their turn in between.
STEPS = 50
#: Rows that one transaction deletes.
ROWS = 500


@opens_organisations
@contextmanager
def open_as_system(organisation_id: int, reason: str) -> Iterator[Access]:
    """Open the scope of an organisation and give the access of the system; `reason` is what its history will show."""
    organisation = Organisation.objects.get(pk=organisation_id)
    with open_organisation(organisation):
        yield Access.for_system(organisation, reason)


def ids_at_work() -> list[int]:
    """Return the ids of the organisations for which anything is done in the background: not those that rest or go."""
    found = Organisation.objects.filter(suspended_at=None).exclude(pk__in=due_for_removal(clock.now()).values("pk"))
    return list(found.order_by("pk").values_list("pk", flat=True))


@every(seconds=10)
def remove_organisations() -> None:
    """Remove the organisations whose grace has ended, as far as a few seconds reach; the next tick goes on."""
    steps = 0
    for organisation in due_for_removal(clock.now()):
        for _rows in remove(organisation):
            steps += 1
            try:
                give_way()
            except Interrupted:
                return
            if steps >= STEPS:
                return
        logger.info("Organisation %s is removed", organisation.public_id)


@every(seconds=3600)
def throw_exports_away() -> None:
    """Remove the files that nobody may fetch any more."""
    for organisation_id in Organisation.objects.order_by("pk").values_list("pk", flat=True):
        with open_as_system(organisation_id, "throw exports away") as access:
            for export in Export.objects.select_related("organisation").filter(expires_at__lte=access.now):
                throw_away(export)
                export.delete()


@every(seconds=3600)
def forget_what_has_expired() -> None:
    """Delete sessions and wishes for another address whose time is over, and tries that count for nothing any more."""
    now = clock.now()
    for rows in (
        SignIn.objects.filter(expire_date__lte=now),
        EmailChange.objects.filter(expires_at__lte=now),
        forgotten_tries(now),
    ):
        while delete_some(rows):
            try:
                give_way()
            except Interrupted:
                return


def delete_some(rows: QuerySet[Any]) -> int:
    """Delete a few of `rows`, in a transaction of its own; return how many. Those that somebody holds now are left."""
    with unit_of_work():
        chosen = rows.order_by("pk").select_for_update(skip_locked=True).values_list("pk", flat=True)[:ROWS]
        deleted: int = rows.filter(pk__in=list(chosen)).delete()[0]
    return deleted


@before_serving
def show_first_run_link() -> list[str]:
    """Print the one-time link while there is no business."""
    return first_run.lines()
