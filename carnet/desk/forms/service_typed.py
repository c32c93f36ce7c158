"""A service as it stands in its form: every value as somebody would type it."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.http import QueryDict

from carnet.catalogue.details import ServiceDetails, hours_text
from carnet.desk.forms.amounts import amount_text
from carnet.desk.forms.day import date_text
from carnet.desk.forms.durations import duration_text

#: How a service's days are chosen, and its state.
BUSINESS_DAYS, WEEKDAYS, DATES = "business", "weekdays", "dates"
AVAILABLE, NOT_IN_USE = "available", "not_in_use"


def typed(details: ServiceDetails, currency: str) -> dict[str, Any]:
    """Return the initial values of the form that says `details`."""
    values: dict[str, Any] = {
        "name": details.name,
        "owner": str(details.owner.public_id) if details.owner else "",
        "usual": duration_text(details.usual),
        "variable": details.range != (details.usual, details.usual),
        "members": [str(member.public_id) for member in details.members if member.active],
        "place": details.place,
        "category": str(details.category or ""),
        "tags": ", ".join(details.tags),
        "before": duration_text(details.before) if details.before else "",
        "after": duration_text(details.after) if details.after else "",
        "days": DATES if details.dates else WEEKDAYS if details.hours else BUSINESS_DAYS,
        "offered_from": date_text(details.offered_from) if details.offered_from else "",
        "offered_until": date_text(details.offered_until) if details.offered_until else "",
        "state": AVAILABLE if details.in_use else NOT_IN_USE,
        "price": amount_text(details.price, currency),
        "hourly": details.hourly,
        "taxes": [str(tax.public_id) for tax in details.taxes],
        "asks_job_sheet": details.asks_job_sheet,
        "job_sheet_layout": details.job_sheet_layout.name if details.job_sheet_layout else "",
        "description": details.description,
    }
    if values["variable"]:
        values |= {"shortest": duration_text(details.range[0]), "longest": duration_text(details.range[1])}
    for day, windows in details.hours.items():
        values |= {f"weekday_{day}": True, f"hours_{day}": hours_text(windows)}
    for number, (on, windows) in enumerate(sorted(details.dates.items())):
        values |= {f"date_on_{number}": date_text(on), f"date_hours_{number}": hours_text(windows)}
    for member in details.members:
        if member.pk in details.member_prices:
            values[f"member_price_{member.public_id}"] = amount_text(details.member_prices[member.pk], currency)
    for number, (minutes, price) in enumerate(sorted(details.length_prices.items())):
        values |= {f"length_minutes_{number}": duration_text(minutes)}
        values |= {f"length_price_{number}": amount_text(price, currency)}
    for number, add_on in enumerate(details.add_ons):
        values |= {
            f"add_on_name_{number}": add_on.name,
            f"add_on_minutes_{number}": duration_text(add_on.minutes) if add_on.minutes else "",
            f"add_on_price_{number}": amount_text(add_on.price, currency) if add_on.price else "",
            f"add_on_id_{number}": str(add_on.public_id) if add_on.public_id else "",
        }
    return values


def as_posted(form: Form) -> QueryDict:
    """Return what would be sent if somebody pressed « Enregistrer » on a form that nobody has changed."""
    data = QueryDict(mutable=True)
    for bound in form:
        value = bound.initial
        if isinstance(value, list | tuple):
            data.setlist(bound.name, [str(one) for one in value])
        elif value is True:
            data[bound.name] = "on"
        elif value not in (None, False):
            data[bound.name] = str(value)
    for kind, count in getattr(form, "counts", {}).items():
        data[f"rows_{kind}"] = str(count)
    return data
