"""How long a service is marked as temporarily unavailable: from now by one of five choices, or a period to come."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.base.errors import Invalid
from carnet.catalogue.returning import Choice, Until, end_of
from carnet.desk.forms.service_rows import DateField
from carnet.desk.templatetags.soon import local_soon
from carnet.organisations.access import Access
from carnet.scheduling import hours as wall

WORDS = {
    Until.REST_OF_DAY: gettext_lazy("For the rest of the day"),
    Until.TOMORROW: gettext_lazy("Until tomorrow"),
    Until.END_OF_WEEK: gettext_lazy("Until the end of the week"),
    Until.END_OF_MONTH: gettext_lazy("Until the end of the month"),
    Until.DATE: gettext_lazy("Until a specific date"),
}
_CLOCK = re.compile(r"(\d{1,2})(?:[:hH.](\d{2})?)?")


class ClockField(forms.CharField):
    """A time of day as people write it (« 9:00 », « 14h30 »); cleans to minutes since midnight or None."""

    def __init__(self, **options: Any) -> None:
        attributes = {"placeholder": "9:00", "autocomplete": "off"}
        super().__init__(max_length=8, required=False, widget=forms.TextInput(attrs=attributes), **options)

    def clean(self, value: Any) -> int | None:
        typed = super().clean(value).strip()
        if not typed:
            return None
        found = _CLOCK.fullmatch(typed)
        hours, minutes = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
        if hours > 23 or minutes > 59:
            raise forms.ValidationError(_("Type a time as 9:00."), code="time")
        return hours * 60 + minutes


class OutageForm(forms.Form):
    """From now on, until one of the five choices."""

    until = forms.ChoiceField(label=gettext_lazy("Time range"), initial=Until.REST_OF_DAY)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=120, required=False)

    def __init__(
        self,
        access: Access,
        choices: list[Choice],
        data: Mapping[str, Any] | None = None,
        *,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, auto_id="outage-%s")
        self.access = access
        today = wall.local(access.now, access.organisation.zone).date
        moments = {choice.until: self._back(choice.back_at) for choice in choices}
        field = self.fields["until"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(until), f"{words}{moments.get(until, '')}") for until, words in WORDS.items()]
        last = DateField(today, label=_("Last day"))
        last.help_text = _("That day is included, unless you type an hour.")
        self.fields |= {"on": last, "at": ClockField(label=_("Until what time"))}
        self.order_fields(["until", "on", "at", "reason"])

    def _back(self, at: datetime | None) -> str:
        if at is None:
            return " – " + _("not available again within a year")
        moment = local_soon(at, self.access.organisation.zone)
        return " – " + _("available again %(moment)s") % {"moment": moment}

    def period(self) -> tuple[datetime, datetime]:
        """Return the period that is typed; raises Invalid beside `on` or `at`."""
        data = self.cleaned_data
        until = Until(data["until"])
        if until is Until.DATE:
            return self.access.now, end_of(self.access, until, data["on"], data["at"])
        return self.access.now, end_of(self.access, until)


class PlannedOutageForm(forms.Form):
    """A period to come, whole days unless hours are typed."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=120, required=False)

    def __init__(self, access: Access, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, auto_id="planned-%s")
        self.access = access
        today = wall.local(access.now, access.organisation.zone).date
        self.fields |= {
            "starts_on": DateField(today, label=_("From")),
            "starts_time": ClockField(label=_("From what time")),
            "ends_on": DateField(today, label=_("Until")),
            "ends_time": ClockField(label=_("Until what time")),
        }
        self.order_fields(["starts_on", "starts_time", "ends_on", "ends_time", "reason"])

    def period(self) -> tuple[datetime, datetime]:
        """Return the period that is typed, the last day included; raises Invalid beside its fields."""
        data = self.cleaned_data
        first, last = data["starts_on"], data["ends_on"]
        if first is None:
            raise Invalid(starts_on=_("Choose the first day."))
        if last is None:
            raise Invalid(ends_on=_("Choose the last day."))
        today = wall.local(self.access.now, self.access.organisation.zone).date
        for name, day in (("starts_on", first), ("ends_on", last)):
            if not today <= day <= today + timedelta(days=3660):
                raise Invalid(**{name: _("Choose a day from today on.")})
        starts_at = self._instant("starts_time", first, data["starts_time"] or 0)
        ends_at = self._end(last, data["ends_time"])
        if ends_at <= starts_at:
            raise Invalid(**{"ends_time" if first == last else "ends_on": _("The end lies before the beginning.")})
        return max(starts_at, self.access.now), ends_at

    def _end(self, day: date, minutes: int | None) -> datetime:
        if minutes is None:
            return wall.day_span(day, self.access.organisation.zone).end
        return self._instant("ends_time", day, minutes)

    def _instant(self, name: str, day: date, minutes: int) -> datetime:
        zone = self.access.organisation.zone
        if not minutes:
            return wall.day_span(day, zone).start
        try:
            return wall.instant(day, minutes, zone)
        except wall.NoSuchTime:
            sentence = _("This time does not exist on that day: the clocks are changed.")
            raise Invalid(**{name: sentence}) from None


def refuse(form: forms.Form, errors: Mapping[str, str]) -> None:
    """Put each sentence beside its field."""
    beside = {"starts_at": "starts_on", "ends_at": "ends_on"}
    for key, sentence in errors.items():
        name = key if key in form.fields else beside.get(key, "")
        form.add_error(name if name in form.fields else None, sentence)


def asked_period(access: Access, asked: Mapping[str, str]) -> tuple[datetime, datetime] | None:
    """Return the period that a half-typed form means, None if it means none yet."""
    form = OutageForm(access, [], {"until": Until.REST_OF_DAY, **asked})
    if not form.is_valid():
        return None
    try:
        return form.period()
    except Invalid:
        return None
