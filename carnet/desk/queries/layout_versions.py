"""The versions of a layout: who saved each, when, and what became different."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from carnet.customisation.differences import differences
from carnet.customisation.models import LayoutVersion
from carnet.customisation.predefined import predefined
from carnet.organisations.access import Access
from carnet.organisations.permissions import EDIT_LAYOUTS
from carnet.scheduling.hours import to_zone

#: Older ones stay, and are not listed.
LISTED = 50


@dataclass(frozen=True, slots=True)
class Version:
    """One save; `number` 0 is what the product brings."""

    number: int
    at: datetime | None
    who: str
    changes: tuple[str, ...]
    newest: bool


def versions_of(access: Access, module: str, name: str) -> list[Version]:
    """Return the versions of a layout, the newest first, at most 50; in two statements, however many there are."""
    access.require(EDIT_LAYOUTS)
    rows = list(
        LayoutVersion.objects.filter(layout__module=module, layout__name=name)
        .select_related("member")
        .order_by("-number")[: LISTED + 1]
    )
    zone = access.organisation.zone
    documents = [row.document for row in rows]
    if len(rows) <= LISTED:
        documents.append(predefined(module, name))
    found = [
        Version(
            row.number,
            to_zone(row.saved_at, zone),
            row.member.name if row.member else "",
            tuple(differences(before, after)),
            newest=row is rows[0],
        )
        for row, (after, before) in zip(rows, pairwise(documents), strict=False)
    ]
    if len(rows) <= LISTED and module != "job_sheets":
        found.append(Version(0, None, "", (), newest=not rows))
    return found[:LISTED]
