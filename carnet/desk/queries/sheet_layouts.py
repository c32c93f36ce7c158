"""The layouts of job sheets as the set-up lists them: with their version, and the services that use each."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from carnet.catalogue.models import Service
from carnet.customisation.models import LayoutVersion, Module
from carnet.customisation.predefined import STANDARD
from carnet.jobsheets.queries import sheet_layouts
from carnet.organisations.access import Access
from carnet.organisations.permissions import EDIT_LAYOUTS


@dataclass(frozen=True, slots=True)
class LayoutLine:
    name: str
    label: str
    version: int
    services: tuple[str, ...]

    @property
    def is_standard(self) -> bool:
        return self.name == STANDARD


def layouts_listed(access: Access) -> list[LayoutLine]:
    """Return the layouts that can be chosen; three statements, however many there are."""
    access.require(EDIT_LAYOUTS)
    rows = LayoutVersion.objects.filter(layout__module=Module.Key.JOB_SHEETS).order_by("number")
    numbers = dict(rows.values_list("layout_id", "number"))
    users: dict[int, list[str]] = {}
    chosen = Service.objects.filter(job_sheet_layout__isnull=False, deleted_at__isnull=True).order_by("name", "pk")
    for layout_id, name in chosen.values_list("job_sheet_layout_id", "name"):
        users.setdefault(layout_id or 0, []).append(name)
    return [
        LayoutLine(one.name, one.label or _("Standard layout"), numbers.get(one.pk, 0), tuple(users.get(one.pk, ())))
        for one in sheet_layouts()
    ]
