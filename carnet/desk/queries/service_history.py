"""What happened to a service, in words: who changed what, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from carnet.appointments.refusals import moment_text
from carnet.base.money import money_text
from carnet.desk.queries.happened import Happened, whence_text, who_text
from carnet.organisations.access import Access
from carnet.organisations.fields import added_label, changes_told
from carnet.organisations.models import Activity

#: What `edit_service` writes down -> what the form calls it.
FIELDS = {
    "name": gettext_lazy("Service name"),
    "owner": gettext_lazy("Service owner"),
    "duration": gettext_lazy("Available duration"),
    "buffers": gettext_lazy("Time before and after"),
    "members": gettext_lazy("Service members"),
    "place": gettext_lazy("Service location"),
    "category": gettext_lazy("Category"),
    "tags": gettext_lazy("Tags"),
    "hours": gettext_lazy("Hours"),
    "dates": gettext_lazy("Dates"),
    "offered_from": gettext_lazy("From"),
    "offered_until": gettext_lazy("Until"),
    "price": gettext_lazy("Price"),
    "hourly": gettext_lazy("By the hour"),
    "member_prices": gettext_lazy("Prices per member"),
    "length_prices": gettext_lazy("Prices by length"),
    "add_ons": gettext_lazy("Add-ons"),
    "taxes": gettext_lazy("Taxes"),
    "asks_job_sheet": gettext_lazy("Job sheet"),
    "job_sheet_layout": gettext_lazy("Layout used"),
    "in_use": gettext_lazy("State"),
    "description": gettext_lazy("Description"),
    "needs": gettext_lazy("Rooms and equipment"),
    "image": gettext_lazy("Image"),
}


def history_of(access: Access, rows: Iterable[Activity]) -> list[Happened]:
    """Return what happened to a service, in words."""
    access.require("catalogue.see")
    return [
        Happened(
            row.at,
            _told(access, row.kind, row.changes),
            who_text(row),
            address=_address(access, row.changes),
            whence=whence_text(access, row),
        )
        for row in rows
    ]


def _address(access: Access, changes: Mapping[str, Any]) -> str:
    """Return where it is told what a change did to visits, for whoever could have made it."""
    named = next((public_id for public_id in changes.get("rearrangement", ()) if public_id), None)
    return reverse("service_rearrangement", args=[named]) if named and access.may("catalogue.edit") else ""


def _told(access: Access, kind: str, changes: Mapping[str, Any]) -> str:
    match kind:
        case "service.created" if changes.get("cloned_from"):
            return _("Cloned from “%(name)s”") % {"name": changes["cloned_from"][1]}
        case "service.edited":
            return _edited(access, changes)
        case "service.unavailable" if changes.get("outage"):
            return _("Marked as temporarily unavailable from %(start)s until %(end)s") % _period(
                access, changes["outage"][1]
            )
        case "visits.rearranged":
            return _visits_text(changes["moved"][1])
        case "visits.rearrangement_undone":
            return _("Change undone, %(visits)s") % {"visits": _returned_text(changes["returned"][1])}
        case "service.available" if changes.get("outage"):
            before, after = changes["outage"]
            if after is None:
                return _("Planned outage from %(start)s until %(end)s taken back") % _period(access, before)
            return _("Outage until %(end)s ended early") % _period(access, before)
    return _SENTENCES.get(kind, _plain)()


def _visits_text(count: int) -> str:
    return ngettext(
        "Applied with visits in the way, %(count)d of them moved",
        "Applied with visits in the way, %(count)d of them moved",
        count,
    ) % {"count": count}


def _returned_text(count: int) -> str:
    return ngettext("%(count)d visit moved back", "%(count)d visits moved back", count) % {"count": count}


def _edited(access: Access, changes: Mapping[str, Any]) -> str:
    """Return which fields were changed; name and price with what they were and became."""
    parts = []
    for key, before, after in changes_told(access, "service", changes):
        field = str(FIELDS.get(key) or added_label(access, "service", key) or _("A field"))
        if key == "price":
            currency = access.organisation.currency
            before, after = money_text(before, currency), money_text(after, currency)
        if key in ("price", "name"):
            parts.append(f"{field} ({before} → {after})")
        else:
            parts.append(field)
    return _("Edited: %(fields)s") % {"fields": ", ".join(parts)} if parts else _("Saved without a change")


def _period(access: Access, period: list[str]) -> dict[str, str]:
    start, end = (moment_text(datetime.fromisoformat(at), access.organisation.zone) for at in period)
    return {"start": start, "end": end}


def _plain() -> str:
    return _("Changed")


_SENTENCES: dict[str, Callable[[], str]] = {
    "service.created": lambda: _("Added"),
    "service.not_in_use": lambda: _("Marked as not in use"),
    "service.available": lambda: _("Marked as available"),
    "service.deleted": lambda: _("Moved to the bin"),
    "service.restored": lambda: _("Restored from the bin"),
}
