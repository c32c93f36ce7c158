"""Shape of what is said when a visit is changed."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from carnet.appointments.models import Reason


def _note() -> forms.CharField:
    return forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"})
    )


def version_read(data: QueryDict, name: str = "version") -> int | None:
    """Return the version that a button's form was drawn at, None if it carries none.

    What is no number is a version that nobody has read: such a form is stale.
    """
    text = data.get(name, "")
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


class VersionedForm(forms.Form):
    """A change of the visit as it was read."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class CancellationForm(VersionedForm):
    reason = forms.ChoiceField(
        label=_("Who asked for this"), choices=Reason.choices, initial=Reason.CUSTOMER, widget=forms.RadioSelect
    )
    note = _note()


class DetailsForm(VersionedForm):
    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )


class NoShowForm(VersionedForm):
    note = _note()


class ReopeningForm(VersionedForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        error_messages={"required": _("Say why the appointment is reopened.")},
    )


class ScheduleForm(VersionedForm):
    who = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    start = forms.CharField(max_length=40, error_messages={"required": _("Choose one of the free times.")})
    reason = forms.ChoiceField(
        label=_("Who asked for this"), choices=Reason.choices, initial=Reason.CUSTOMER, widget=forms.RadioSelect
    )
    note = _note()

    def clean_start(self) -> datetime:
        try:
            start = datetime.fromisoformat(self.cleaned_data["start"])
        except ValueError:
            start = None
        # Without its offset a start could mean two instants when the clocks change.
        if start is None or start.tzinfo is None or not 2000 < start.year < 2200:
            raise forms.ValidationError(_("Choose one of the free times."))
        return start
