"""Absences: a resource's time off."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.locking import locked
from carnet.base.typed_text import clean
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.activity import record
from carnet.resources.models import Resource, TimeOff
from carnet.resources.timetable import change_timetable

#: Two years, one of which may be a leap year.
LONGEST_ABSENCE = timedelta(days=731)


def checked_absence(access: Access, starts_at: datetime, ends_at: datetime, reason: str = "") -> None:
    """Raise Invalid beside what of an absence cannot be taken."""
    if ends_at <= starts_at:
        raise Invalid(ends_at=_("The end lies before the beginning."))
    if ends_at - starts_at > LONGEST_ABSENCE:
        raise Invalid(ends_at=_("An absence lasts two years at most."))
    if ends_at <= access.now and not access.quiet:
        raise Invalid(ends_at=_("This moment has passed."))
    if len(reason) > 120:
        raise Invalid(reason=_("This is longer than %(limit)d characters.") % {"limit": 120})


def add_time_off(
    access: Access, resource: Resource, starts_at: datetime, ends_at: datetime, *, reason: str = ""
) -> TimeOff:
    """Note that a resource is not there from `starts_at` to `ends_at`; visits that stand in it stand.

    The very same absence is not noted twice: a form sent again returns the one that is there.
    """
    access.require("resources.edit")
    reason = clean(reason)
    checked_absence(access, starts_at, ends_at, reason)
    with unit_of_work():
        change_timetable(access, Resource.objects.filter(pk=resource.pk))
        there = TimeOff.objects.filter(resource=resource, starts_at=starts_at, ends_at=ends_at, reason=reason).first()
        if there is not None:
            return there
        off = TimeOff.objects.create(
            organisation=access.organisation,
            resource=resource,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=reason,
        )
        record(access, "time_off.added", off, changes={"period": [None, _period(off)]})
    return off


def end_time_off(access: Access, off: TimeOff) -> None:
    """End an absence now; one that has not begun is taken away, one that is over stays as it was."""
    access.require("resources.edit")
    with unit_of_work():
        change_timetable(access, Resource.objects.filter(pk=off.resource_id))
        off = locked(TimeOff.objects.all(), pk=off.pk)
        if off.ends_at <= access.now:
            return
        if off.starts_at >= access.now:
            _take_away(access, off)
            return
        before = _period(off)
        off.ends_at = access.now
        off.version += 1
        off.save(update_fields=["ends_at", "version"])
        record(access, "time_off.ended", off, changes={"period": [before, _period(off)]})


def take_back_time_off(access: Access, resource: Resource, off_id: int) -> None:
    """Take an absence away, begun or not, as if it had not been noted; one that was ended meanwhile is left."""
    access.require("resources.edit")
    with unit_of_work():
        change_timetable(access, Resource.objects.filter(pk=resource.pk))
        off = TimeOff.objects.filter(pk=off_id, resource=resource, version=1).first()
        if off is not None:
            _take_away(access, off)


def _take_away(access: Access, off: TimeOff) -> None:
    record(access, "time_off.removed", off, changes={"period": [_period(off), None]})
    off.delete()


def _period(off: TimeOff) -> list[str]:
    return [off.starts_at.isoformat(), off.ends_at.isoformat()]
