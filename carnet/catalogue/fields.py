"""The fields of a service, and which parts of it each of them is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carnet.catalogue.details import ServiceDetails
from carnet.customisation.fields import own_fields
from carnet.organisations.access import Access
from carnet.organisations.fields import Module, RecordField, declare_fields

SERVICES: Final = "services"
PRICES: Final = ("hourly", "member_prices", "length_prices", "add_ons", "taxes")

declare_fields(
    Module(
        SERVICES,
        _("Services"),
        "service",
        (
            RecordField("name", _("Name"), may_hide=False),
            # What is booked must be known: how long, with whom, where and when.
            RecordField("duration", _("Duration"), may_hide=False, history=("buffers",)),
            RecordField("members", _("Service members"), may_hide=False),
            RecordField("place", _("Service location"), may_hide=False),
            RecordField(
                "hours", _("Days and hours"), may_hide=False, history=("dates", "offered_from", "offered_until")
            ),
            RecordField("job_sheet", _("Job sheet"), may_hide=False, history=("asks_job_sheet", "job_sheet_layout")),
            RecordField("price", _("Price"), history=PRICES),
            RecordField("owner", _("Service owner")),
            RecordField("category", _("Category")),
            RecordField("tags", _("Tags")),
            RecordField("description", _("Description")),
            RecordField("image", _("Image")),
        ),
        own_fields(SERVICES),
    )
)

#: Field -> the parts of `ServiceDetails` that it is.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("name",),
    "duration": ("usual", "shortest", "longest", "before", "after"),
    "members": ("members",),
    "place": ("place",),
    "hours": ("hours", "dates", "offered_from", "offered_until"),
    "job_sheet": ("asks_job_sheet", "job_sheet_layout"),
    "price": ("price", *PRICES),
    "owner": ("owner",),
    "category": ("category",),
    "tags": ("tags",),
    "description": ("description",),
}
#: What a service cannot be without: it is typed when one is added, also by who may not change it later.
NAMES_IT: Final = frozenset({"name", "duration", "members", "place"})
#: Field -> how its parts are called in `edit.told`, which compares a service with what it was.
_FIELD_OF: Final = {
    "buffers": "duration",
    "dates": "hours",
    "offered_from": "hours",
    "offered_until": "hours",
    **dict.fromkeys(("asks_job_sheet", "job_sheet_layout"), "job_sheet"),
    **dict.fromkeys(PRICES, "price"),
}
#: Field of the layout -> the field that profiles have rights to, where it is a part of one.
_RIGHT_OF: Final = {"offered_from": "hours", "offered_until": "hours", "taxes": "price"}
#: What is judged of a service that is being added, under the names of `edit.told`.
NAMED_AT_CREATION: Final = frozenset(
    {"price", "hourly", "member_prices", "length_prices", "add_ons", "category", "tags", "description"}
)


def demanded_of(access: Access, details: ServiceDetails) -> dict[str, bool]:
    """Return what a layout can demand of a service beyond what it cannot be without, and whether it is there.

    An image comes by a way of its own, after the service: only its form demands it.
    """
    filled = {
        "category": bool(details.category),
        "tags": bool(details.tags),
        "offered_from": details.offered_from is not None,
        "offered_until": details.offered_until is not None,
        "taxes": bool(details.taxes),
        "description": bool(details.description),
    }
    return {key: there for key, there in filled.items() if access.may_edit_field(SERVICES, _RIGHT_OF.get(key, key))}


def may_read_prices(access: Access) -> bool:
    """Return whether the reader may see what anything costs: a service, and a visit as it was sold (one rule)."""
    return access.may_read_field(SERVICES, "price")


def require_parts(access: Access, changed: Iterable[str]) -> None:
    """Raise FieldRefused unless the actor may edit the fields that these parts of a service belong to."""
    known = {*PARTS, "image"}
    access.require_fields(SERVICES, [field for name in changed if (field := _FIELD_OF.get(name, name)) in known])


def kept_where_not_editable(
    access: Access, details: ServiceDetails, before: ServiceDetails, *, besides: Collection[str] = ()
) -> ServiceDetails:
    """Return what was typed with each field that the actor may not edit as it was, but for those `besides`."""
    if not access.field_rights:
        return details
    kept: dict[str, Any] = {
        part: getattr(before, part)
        for field, parts in PARTS.items()
        if field not in besides and not access.may_edit_field(SERVICES, field)
        for part in parts
    }
    return replace(details, **kept)
