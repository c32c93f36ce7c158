"""A service as typed, in plain types: what is kept of it to be put back later."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from carnet.catalogue.details import AddOnDetails, ServiceDetails
from carnet.catalogue.models import Category, Tax
from carnet.catalogue.pictures import Drawn
from carnet.customisation.models import Layout
from carnet.organisations.models import Member
from carnet.resources.models import Resource

#: What is kept as it is.
_PLAIN = (
    "name",
    "usual",
    "price",
    "shortest",
    "longest",
    "hourly",
    "place",
    "description",
    "hue",
    "before",
    "after",
    "asks_job_sheet",
    "in_use",
)


def kept_details(details: ServiceDetails) -> dict[str, Any]:
    """Return all of `details` as JSON holds it: people, taxes and things by their ids."""
    category = details.category
    return {
        **{name: getattr(details, name) for name in _PLAIN},
        "owner": details.owner.pk if details.owner else None,
        "job_sheet_layout": details.job_sheet_layout.pk if details.job_sheet_layout else None,
        "category": category.pk if isinstance(category, Category) else None,
        "members": [member.pk for member in details.members],
        "taxes": [tax.pk for tax in details.taxes],
        "needs": [thing.pk for thing in details.needs],
        "tags": list(details.tags),
        "member_prices": _pairs(details.member_prices),
        "length_prices": _pairs(details.length_prices),
        "add_ons": [
            [add_on.name, add_on.minutes, add_on.price, str(add_on.public_id) if add_on.public_id else None]
            for add_on in details.add_ons
        ],
        "hours": [[weekday, [list(window) for window in found]] for weekday, found in details.hours.items()],
        "dates": [[on.isoformat(), [list(window) for window in found]] for on, found in details.dates.items()],
        "offered_from": details.offered_from.isoformat() if details.offered_from else None,
        "offered_until": details.offered_until.isoformat() if details.offered_until else None,
    }


def details_kept(kept: Mapping[str, Any]) -> ServiceDetails:
    """Return the details that were kept; whoever or whatever does not exist any more is left out."""
    members = {member.pk: member for member in Member.objects.filter(pk__in=[*kept["members"], kept["owner"]])}
    taxes = {tax.pk: tax for tax in Tax.objects.filter(pk__in=kept["taxes"])}
    needs = {thing.pk: thing for thing in Resource.objects.filter(pk__in=kept["needs"])}
    return ServiceDetails(
        **{name: kept[name] for name in _PLAIN},
        owner=members.get(kept["owner"]),
        category=Category.objects.filter(pk=kept["category"]).first(),
        job_sheet_layout=Layout.objects.filter(pk=kept["job_sheet_layout"], archived=False).first(),
        members=[members[pk] for pk in kept["members"] if pk in members],
        taxes=[taxes[pk] for pk in kept["taxes"] if pk in taxes],
        needs=[needs[pk] for pk in kept["needs"] if pk in needs],
        tags=kept["tags"],
        member_prices=dict(kept["member_prices"]),
        length_prices=dict(kept["length_prices"]),
        add_ons=[
            AddOnDetails(name, minutes, price, UUID(public_id) if public_id else None)
            for name, minutes, price, public_id in kept["add_ons"]
        ],
        hours={weekday: [(opens, closes) for opens, closes in found] for weekday, found in kept["hours"]},
        dates={date.fromisoformat(on): [(opens, closes) for opens, closes in found] for on, found in kept["dates"]},
        offered_from=date.fromisoformat(kept["offered_from"]) if kept["offered_from"] else None,
        offered_until=date.fromisoformat(kept["offered_until"]) if kept["offered_until"] else None,
    )


def kept_image(image: Drawn | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {name: b64encode(v).decode() if isinstance(v, bytes) else v for name, v in image.columns.items()}


def image_kept(kept: Mapping[str, Any] | None) -> Drawn | None:
    if kept is None:
        return None
    small, medium, large = (b64decode(kept[name]) for name in ("small", "medium", "large"))
    return Drawn(small, medium, large, kept["width"], kept["height"])


def _pairs(prices: Mapping[int, int]) -> list[list[int]]:
    return [[key, price] for key, price in prices.items()]
