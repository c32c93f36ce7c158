"""When somebody is away: today, half a day, or a period of days or hours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.base.errors import Invalid
from carnet.desk.forms.service_outage import ClockField
from carnet.desk.forms.service_rows import DateField
from carnet.organisations.access import Access
from carnet.resources.models import Resource
from carnet.resources.queries import end_of_morning, working_day
from carnet.scheduling import hours as wall

#: How far from today a day may lie: enough for any absence, and no typed year that nobody means.
BACK, AHEAD = timedelta(days=731), timedelta(days=3660)


class When(TextChoices):
    """The ways in which people say how long they are away."""

    TODAY = "today", gettext_lazy("For the rest of today")
    MORNING = "morning", gettext_lazy("A morning")
    AFTERNOON = "afternoon", gettext_lazy("An afternoon")
    PERIOD = "period", gettext_lazy("From … to …")


class AbsenceForm(forms.Form):
    """An absence of one member; days are meant as she works them, a shift past midnight to its end."""

    when = forms.ChoiceField(label=gettext_lazy("How long"), widget=forms.RadioSelect, choices=When.choices)
    reason = forms.CharField(
        label=gettext_lazy("Comment"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Read by this member and by whoever sets hours, nobody else."),
    )

    def __init__(
        self, access: Access, resource: Resource, data: Mapping[str, Any] | None = None, *, day: date | None = None
    ) -> None:
        super().__init__(data, auto_id="absence-%s")
        self.access, self.resource = access, resource
        self.zone = access.organisation.zone
        self.today = today = wall.local(access.now, self.zone).date
        begun_on = day if day and day > today else today
        self.initial = {"when": When.PERIOD if begun_on > today else When.TODAY}
        shown = DateField(begun_on).widget.attrs["placeholder"]
        self.initial |= dict.fromkeys(("on", "starts_on", "ends_on"), shown)
        self.fields |= {
            "on": DateField(today, label=_("Day")),
            "starts_on": DateField(today, label=_("From")),
            "starts_time": ClockField(label=_("From what time")),
            "ends_on": DateField(today, label=_("Until")),
            "ends_time": ClockField(label=_("Until what time")),
        }
        self.order_fields(["when", "on", "starts_on", "starts_time", "ends_on", "ends_time", "reason"])

    def period(self) -> tuple[datetime, datetime]:
        """Return the period that is typed, the last day included; raises Invalid beside its fields."""
        when = When(self.cleaned_data["when"])
        if when is When.PERIOD:
            return self._from_to()
        on = self.today if when is When.TODAY else self._day("on")
        whole = working_day(self.access.organisation, self.resource, on)
        if when is When.TODAY:
            # Of a shift that began last evening, what is left of it; then this day as well.
            return self.access.now, whole.end
        noon = self._instant("on", on, end_of_morning(self.resource, on))
        return (whole.start, noon) if when is When.MORNING else (noon, whole.end)

    def refuse(self, errors: Mapping[str, str]) -> None:
        """Put each sentence beside the field in which it was typed."""
        half = self.cleaned_data.get("when") in (When.MORNING, When.AFTERNOON)
        beside = {"starts_at": "on" if half else "starts_on", "ends_at": "on" if half else "ends_on"}
        for key, sentence in errors.items():
            name = beside.get(key, key)
            self.add_error(name if name in self.fields else None, sentence)

    def _from_to(self) -> tuple[datetime, datetime]:
        first, last = self._day("starts_on"), self._day("ends_on")
        from_time, until_time = self.cleaned_data["starts_time"], self.cleaned_data["ends_time"]
        if from_time is None:
            starts_at = working_day(self.access.organisation, self.resource, first).start
        else:
            starts_at = self._instant("starts_time", first, from_time)
        if until_time is None:
            ends_at = working_day(self.access.organisation, self.resource, last).end
        else:
            # An hour that happens twice begins the first time and is over the second.
            ends_at = self._instant("ends_time", last, until_time, fold=1)
        if ends_at <= starts_at:
            beside = "ends_time" if first == last and until_time is not None else "ends_on"
            raise Invalid(**{beside: _("The end lies before the beginning.")})
        return starts_at, ends_at

    def _day(self, name: str) -> date:
        found: date | None = self.cleaned_data[name]
        if found is None:
            raise Invalid(**{name: _("Choose a day.")})
        if not self.today - BACK <= found <= self.today + AHEAD:
            raise Invalid(**{name: _("This day is too far away.")})
        try:
            wall.day_span(found, self.zone)
        except wall.NoSuchTime:
            raise Invalid(**{name: _("There is no such day here: the calendar leaps over it.")}) from None
        return found

    def _instant(self, name: str, on: date, minutes: int, fold: int = 0) -> datetime:
        try:
            return wall.instant(on, minutes, self.zone, fold)
        except wall.NoSuchTime:
            sentence = _("This time does not exist on that day: the clocks are changed.")
            raise Invalid(**{name: sentence}) from None
