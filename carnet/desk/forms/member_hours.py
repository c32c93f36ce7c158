"""When a member works: whenever the business is open, or at hours of her own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from carnet.base.errors import Invalid
from carnet.catalogue.details import hours_text
from carnet.desk.forms.hours import weekday_fields
from carnet.resources.models import Resource
from carnet.resources.queries import business_hours, hours_of, stamp_of


class Whose(TextChoices):
    """Whose hours a member works at."""

    BUSINESS = "business", gettext_lazy("Whenever the business is open")
    OWN = "own", gettext_lazy("At hours of their own")


class MemberHoursForm(forms.Form):
    whose = forms.ChoiceField(
        label=gettext_lazy("When this person works"), widget=forms.RadioSelect, choices=Whose.choices
    )
    #: What the hours were when the form was drawn.
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)

    def __init__(self, resource: Resource, data: Mapping[str, Any] | None = None) -> None:
        own = hours_of(resource)
        # Who begins to have hours of her own begins with those of the business.
        shown = own or business_hours()
        initial: dict[str, Any] = {f"hours_{day}": hours_text(shown.get(day, ())) for day in range(7)}
        initial["whose"] = Whose.OWN if own else Whose.BUSINESS
        initial["seen"] = stamp_of(own)
        super().__init__(data, initial=initial, auto_id="hours-%s")
        self.fields |= weekday_fields()
        for day in range(7):
            self.fields[f"hours_{day}"].widget.attrs["placeholder"] = _("day off")

    @property
    def days(self) -> list[BoundField]:
        return [self[f"hours_{day}"] for day in range(7)]

    def windows(self) -> dict[int, list[tuple[int, int]]]:
        """Return the hours that are typed, none for those of the business; raises Invalid for own hours without any."""
        if self.cleaned_data["whose"] == Whose.BUSINESS:
            return {}
        typed = {day: self.cleaned_data[f"hours_{day}"] for day in range(7) if self.cleaned_data[f"hours_{day}"]}
        if not typed:
            raise Invalid(whose=_("Type the hours of one day at least; for a time away, note an absence."))
        return typed
