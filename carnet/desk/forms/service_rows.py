"""The lines of a service's form that may be added to: dates, prices by length, add-ons.

Each kind of line is a handful of plain fields with a number behind their names; how many there are is typed along
(`rows_dates`), and buttons like « Ajouter une date » ask for one more. A line that is left empty does not exist.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.catalogue.details import MOST_ADD_ONS, MOST_DATES, AddOnDetails
from carnet.desk.forms.amounts import amount_of
from carnet.desk.forms.day import date_text, date_typed
from carnet.desk.forms.durations import DurationField
from carnet.desk.forms.hours import HoursField

#: Kind of line -> how many can be asked for; one more than is allowed, so that the rule can say so.
MOST_ROWS = {"dates": MOST_DATES + 1, "lengths": 21, "add_ons": MOST_ADD_ONS + 1}
#: Kind of line -> its fields; the first is where the focus goes and where it is said that something is wrong.
PARTS = {
    "dates": ("date_on", "date_hours"),
    "lengths": ("length_minutes", "length_price"),
    "add_ons": ("add_on_name", "add_on_minutes", "add_on_price", "add_on_id"),
}


class PriceField(forms.CharField):
    """A line with an amount that may be left empty; cleans to minor units or None."""

    def __init__(self, currency: str, **options: Any) -> None:
        self.currency = currency
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=24, required=False, widget=widget, **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value)
        return amount_of(typed, self.currency) if typed else None


class DateField(forms.CharField):
    """A line with a day as people write it; cleans to a date or None."""

    def __init__(self, near: date, **options: Any) -> None:
        self.near = near
        attributes = {"placeholder": date_text(near), "autocomplete": "off"}
        super().__init__(max_length=20, required=False, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> date | None:
        typed = super().clean(value)
        found = date_typed(typed, near=self.near) if typed else None
        if typed and found is None:
            example = date_text(self.near)
            raise forms.ValidationError(
                _("This is not a date. Type it as %(example)s."), params={"example": example}, code="date"
            )
        return found


def count_of(kind: str, data: Mapping[str, Any] | None, initial: Mapping[str, Any]) -> int:
    """Return how many lines of this kind there are: those typed, one more if it is asked for; at least one."""
    if data is None:
        known = sum(1 for name in initial if name.startswith(f"{PARTS[kind][0]}_"))
        return max(1, known)
    typed = str(data.get(f"rows_{kind}", ""))
    count = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 1
    if data.get("more") == kind:
        count += 1
    return max(1, min(count, MOST_ROWS[kind]))


def row_fields(kind: str, number: int, *, currency: str, today: date) -> dict[str, forms.Field]:
    """Return the fields of one line."""
    fields: dict[str, forms.Field]
    match kind:
        case "dates":
            hours = HoursField(label=_("Hours"))
            hours.widget.attrs["placeholder"] = gettext_lazy("business hours")
            fields = {"date_on": DateField(today, label=_("Date")), "date_hours": hours}
        case "lengths":
            fields = {
                "length_minutes": DurationField(label=_("From a length of"), required=False),
                "length_price": PriceField(currency, label=_("Costs")),
            }
        case _:
            fields = {
                "add_on_name": forms.CharField(
                    label=_("Add-on"),
                    required=False,
                    widget=forms.TextInput(attrs={"autocomplete": "off"}),
                ),
                "add_on_minutes": DurationField(label=_("Lengthens by"), required=False),
                "add_on_price": PriceField(currency, label=_("Costs")),
                "add_on_id": forms.UUIDField(required=False, widget=forms.HiddenInput),
            }
    return {f"{name}_{number}": field for name, field in fields.items()}


class RowsOfForm(forms.Form):
    """A form with such lines; whoever inherits calls `add_rows` once the form knows what is typed."""

    counts: dict[str, int]

    def add_rows(self, currency: str, today: date) -> None:
        self.counts = {}
        for kind in PARTS:
            self.counts[kind] = count_of(kind, self.data if self.is_bound else None, self.initial)
            for number in range(self.counts[kind]):
                self.fields |= row_fields(kind, number, currency=currency, today=today)

    def rows(self, kind: str) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{number}"] for name in PARTS[kind]] for number in range(self.counts[kind])]

    def typed_rows(self, kind: str) -> list[tuple[int, list[Any]]]:
        """Return the lines in which something is typed with their numbers, None for what is missing or wrong."""
        found = []
        for number in range(self.counts[kind]):
            values = [self.cleaned_data.get(f"{name}_{number}") for name in PARTS[kind]]
            # A hidden id alone is a line that was emptied.
            if any(
                value not in (None, "", [])
                for value, name in zip(values, PARTS[kind], strict=True)
                if name[-3:] != "_id"
            ):
                found.append((number, values))
        return found

    def clean_rows(self, business: Mapping[int, Sequence[tuple[int, int]]]) -> None:
        """Say beside its field what a line lacks."""
        data = self.cleaned_data
        if data.get("days") == "dates":
            rows = self.typed_rows("dates")
            if not rows and not self.wrong("dates"):
                self.add_error("date_on_0", _("Choose at least one date."))
            days: set[date] = set()
            for number, (on, hours) in rows:
                if on is None:
                    self._miss(f"date_on_{number}", _("Type the date."))
                elif on in days:
                    self._miss(f"date_on_{number}", _("This date is there already; type all its hours on one line."))
                elif not hours and not business.get(on.weekday()):
                    self._miss(f"date_hours_{number}", _("Your business is closed on that day: type the hours."))
                days |= {on} if on else set()
        lengths: set[int] = set()
        for number, (minutes, price) in self.typed_rows("lengths"):
            if minutes is None:
                self._miss(f"length_minutes_{number}", _("Type from which length on this price is asked."))
            elif minutes in lengths:
                self._miss(f"length_minutes_{number}", _("This length is there already."))
            if price is None:
                self._miss(f"length_price_{number}", _("Type the price."))
            lengths |= {minutes} if minutes else set()
        for number, (name, *_rest) in self.typed_rows("add_ons"):
            if not name:
                self._miss(f"add_on_name_{number}", _("Type what it is called."))

    def wrong(self, kind: str) -> bool:
        """Return whether something is wrong in lines of this kind; what is wrong is not folded away."""
        return any(name in self.errors for number in range(self.counts[kind]) for name in self._names(kind, number))

    def _names(self, kind: str, number: int) -> list[str]:
        return [f"{name}_{number}" for name in PARTS[kind]]

    def _miss(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)

    def dates_typed(self, business: Mapping[int, Sequence[tuple[int, int]]]) -> dict[date, list[tuple[int, int]]]:
        rows = self.typed_rows("dates")
        return {on: list(hours or business.get(on.weekday(), ())) for _number, (on, hours) in rows if on}

    def lengths_typed(self) -> dict[int, int]:
        return {minutes: price for _number, (minutes, price) in self.typed_rows("lengths")}

    def add_ons_typed(self, known: set[UUID]) -> list[AddOnDetails]:
        """Return the add-ons; one that was there keeps its id, an id that is none of this service's is not taken."""
        found, left = [], set(known)
        for _number, (name, minutes, price, public_id) in self.typed_rows("add_ons"):
            kept = public_id if public_id in left else None
            left.discard(public_id)
            found.append(AddOnDetails(name, minutes or 0, price or 0, kept))
        return found
