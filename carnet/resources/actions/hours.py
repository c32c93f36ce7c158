"""Hours: of the business, and of one resource."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid, StaleVersion
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Hours, Resource
from carnet.resources.queries import hours_of, stamp_of, weekly
from carnet.resources.timetable import change_timetable

Windows = Mapping[int, Sequence[tuple[int, int]]]


def checked_windows(windows: Windows) -> None:
    """Raise Invalid unless each weekday's windows last, follow one another and end within a day."""
    for weekday, found in windows.items():
        if not 0 <= weekday <= 6:
            raise Invalid(hours=_("A week has seven days."))
        last = 0
        for opens, closes in sorted(found):
            if opens < last or not 0 <= opens < 1440 or not opens < closes <= opens + 1440 or opens % 5 or closes % 5:
                raise Invalid(hours=_("These hours overlap or do not last; type them in steps of five minutes."))
            last = closes


def set_business_hours(access: Access, windows: Windows) -> None:
    """Replace the hours of the business; visits that stand outside the new ones stand."""
    access.require("set_up.edit")
    checked_windows(windows)
    with unit_of_work():
        change_timetable(access, Resource.objects.all())
        _replace(access, None, windows)


def set_resource_hours(access: Access, resource: Resource, windows: Windows, *, seen: str | None = None) -> None:
    """Replace the hours of one resource; one without any follows the business.

    Raises StaleVersion if they are no longer those of which `seen` is the stamp (D1).
    """
    access.require("resources.edit")
    checked_windows(windows)
    with unit_of_work():
        change_timetable(access, Resource.objects.filter(pk=resource.pk))
        if seen is not None and seen != stamp_of(hours_of(resource)):
            raise StaleVersion
        _replace(access, resource, windows)


def _replace(access: Access, resource: Resource | None, windows: Windows) -> None:
    rows = Hours.objects.filter(resource=resource)
    before = {str(day): list(found) for day, found in weekly(rows).items()}
    rows.delete()
    Hours.objects.bulk_create(
        Hours(organisation=access.organisation, resource=resource, weekday=weekday, opens=opens, closes=closes)
        for weekday, found in windows.items()
        for opens, closes in sorted(found)
    )
    after = {str(day): sorted(found) for day, found in windows.items() if found}
    record(access, "hours.changed", resource or access.organisation, changes={"hours": [before, after]})
