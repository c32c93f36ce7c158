"""Shape of what is typed about closed days: one day or several, with a name; and which holidays are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.base.errors import Invalid
from carnet.desk.forms.service_rows import DateField
from carnet.organisations.access import Access
from carnet.scheduling import hours as wall

AHEAD = timedelta(days=3660)


class ClosureForm(forms.Form):
    """A day, or the days from one to another, on which the business is closed."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("What the calendar says on these days: annual leave, stock-taking."),
    )

    def __init__(self, access: Access, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="closure-%s")
        self.today = today = wall.local(access.now, access.organisation.zone).date
        self.fields |= {
            "first": DateField(today, label=_("Day, or first day")),
            "last": DateField(today, label=_("Last day")),
        }
        self.order_fields(["first", "last", "name"])

    def days(self) -> dict[date, str]:
        """Return each day with the name that is typed; raises Invalid beside `first` or `last`."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        if first is None:
            raise Invalid(first=_("Choose a day."))
        last = last or first
        for name, day in (("first", first), ("last", last)):
            if day < self.today:
                raise Invalid(**{name: _("Choose a day from today on.")})
            if day > self.today + AHEAD:
                raise Invalid(**{name: _("This day is too far away.")})
        if last < first:
            raise Invalid(last=_("The end lies before the beginning."))
        return {first + timedelta(days=ahead): self.cleaned_data["name"] for ahead in range((last - first).days + 1)}

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Put each sentence beside the field in which it was typed."""
        for key, sentence in errors.items():
            name = {"days": "last" if self.data.get("last") else "first"}.get(key, key)
            self.add_error(name if name in self.fields else None, sentence)


class HolidaysForm(forms.Form):
    """Which of the country's coming holidays the business keeps, of those on which it is open so far."""

    days = forms.MultipleChoiceField(
        label=gettext_lazy("Closed on"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, proposed: Mapping[date, str], ticked: Sequence[date], data: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial={"days": [on.isoformat() for on in ticked]}, auto_id="holiday-%s")
        self.proposed = proposed

    def offer(self, words: Mapping[date, str]) -> None:
        """Say the days in these words."""
        field = self.fields["days"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(on.isoformat(), words[on]) for on in self.proposed]

    def chosen(self) -> dict[date, str]:
        return {on: name for on, name in self.proposed.items() if on.isoformat() in self.cleaned_data["days"]}
