"""Shape of what is looked for in the activity: an address that can be kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from carnet.desk.forms.day import date_text, date_typed
from carnet.desk.forms.service_rows import DateField
from carnet.desk.queries.activity import SUBJECTS, SYSTEM, Asked
from carnet.desk.queries.activity_words import KINDS
from carnet.desk.queries.happened import DOORS
from carnet.organisations.models import Activity, Member

_RECORD = re.compile(r"(\w+):([0-9a-f-]{36})")
_PLACE = re.compile(r"(\S{19,40})~(\d{1,18})")


class _Day(DateField):
    """A day that stands in the address, and is shown as people write it."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        found = date_typed(str(data or ""), near=self.near)
        return date_text(found) if found else data


class ActivityForm(forms.Form):
    """By whom, about what, which kind, when; `record` and `before` come from links."""

    member = forms.ChoiceField(label=_("Who"), required=False)
    about = forms.ChoiceField(label=_("About"), required=False)
    kind = forms.ChoiceField(label=_("What"), required=False)
    door = forms.ChoiceField(label=_("From where"), required=False)
    record = forms.RegexField(_RECORD, required=False, widget=forms.HiddenInput)
    before = forms.RegexField(_PLACE, required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, today: date) -> None:
        super().__init__(data)
        self.fields["since"] = _Day(today, label=_("From"))
        self.fields["until"] = _Day(today, label=_("Until"))
        members = [(str(one.public_id), one.name) for one in Member.objects.order_by("-active", "position", "pk")]
        subjects = sorted(((key, str(one.words)) for key, one in SUBJECTS.items()), key=lambda one: one[1].casefold())
        kinds = sorted(((key, str(words)) for key, words in KINDS.items()), key=lambda one: one[1].casefold())
        _offer(self.fields["member"], [("", _("Everybody")), *members, (SYSTEM, "Carnet")])
        _offer(self.fields["about"], [("", _("Everything")), *subjects])
        doors = [(key, str(words)) for key, words in DOORS.items()]
        _offer(self.fields["door"], [("", _("From anywhere")), *doors])
        _offer(self.fields["kind"], [("", _("All changes")), *kinds])

    def clean_record(self) -> tuple[str, UUID] | None:
        found = _RECORD.fullmatch(self.cleaned_data["record"])
        if found is None or found[1] not in SUBJECTS:
            return None
        model = SUBJECTS[found[1]].model
        try:
            return (found[1], UUID(found[2])) if hasattr(model, "public_id") else None
        except ValueError:
            return None

    def clean_before(self) -> tuple[datetime, int] | None:
        found = _PLACE.fullmatch(self.cleaned_data["before"])
        if found is None:
            return None
        try:
            at = datetime.fromisoformat(found[1])
        except ValueError:
            return None
        return (at, int(found[2])) if at.tzinfo else None

    def asked(self) -> Asked:
        return Asked(**self.cleaned_data)

    def kept(self) -> dict[str, str]:
        """Return what is looked for as it stands in an address, without the place in the order."""
        return dict(self._kept())

    def _kept(self) -> Iterator[tuple[str, str]]:
        data = self.cleaned_data
        for name in ("member", "about", "kind", "door"):
            if data[name]:
                yield name, data[name]
        for name in ("since", "until"):
            if data[name]:
                yield name, data[name].isoformat()
        if data["record"]:
            yield "record", f"{data['record'][0]}:{data['record'][1]}"

    def older(self, last: Activity) -> str:
        """Return the query that shows what came before `last`."""
        return urlencode({**self.kept(), "before": f"{last.at.isoformat()}~{last.pk}"})


def _offer(field: forms.Field, choices: list[tuple[str, Any]]) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices
