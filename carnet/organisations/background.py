"""The system at work in an organisation, without anybody asking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from carnet.base.scopes import open_organisation
from carnet.base.starting import before_serving
from carnet.base.tasks import opens_organisations
from carnet.organisations import first_run
from carnet.organisations.access import Access
from carnet.organisations.models import Organisation


@opens_organisations
@contextmanager
def open_as_system(organisation_id: int, reason: str) -> Iterator[Access]:
    """Open the scope of an organisation and give the access of the system; `reason` is what its history will show."""
    organisation = Organisation.objects.get(pk=organisation_id)
    with open_organisation(organisation):
        yield Access.for_system(organisation, reason)


@before_serving
def show_first_run_link() -> list[str]:
    """Print the one-time link while there is no business."""
    return first_run.lines()
