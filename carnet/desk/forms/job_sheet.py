"""The form of a job sheet, made from the layout version that it is filled in with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.customisation.queries import key_of
from carnet.customisation.types import NotAccepted, Setting
from carnet.customisation.values import custom_fields, read_value, shown_text
from carnet.desk.forms.own_fields import OwnFields
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.jobsheets.models import JobSheet
from carnet.organisations.access import Access

VALUE_KEY = re.compile(r"f\d{1,18}\Z")


class JobSheetForm(OwnFields):
    """Nothing is required here: what must be filled in is asked for at completion, by the action."""

    def __init__(
        self,
        access: Access,
        sheet: JobSheet,
        setting: Setting,
        data: QueryDict | None = None,
        *,
        stored: Mapping[str, Any] | None = None,
        demanded: bool = False,
    ) -> None:
        """`stored` is what the sheet shows: what it holds, or for a blank one what is known already."""
        version = sheet.layout_version
        super().__init__(
            access,
            JOB_SHEETS,
            layout=version.layout.name,
            document=version.document,
            version=version.number,
            stored=sheet.custom if stored is None else stored,
            data=data,
            setting=setting,
            demanded=demanded,
        )
        self.drawn = drawn_text(sheet)

    def _custom(self, data: QueryDict | None) -> dict[str, Any] | None:
        """Return what was typed; also under a key that the sheet does not have, so that it is refused and not lost."""
        found = super()._custom(data) or {}
        for name in data or {}:
            if VALUE_KEY.match(name) and name not in found and data is not None:
                found[name] = self._typed(self._own[name], data) if name in self._own else data[name]
        return found or None

    def refused(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Put each sentence beside its field, what belongs to none above all."""
        rest = super().refused(errors)
        for sentence in rest.values():
            self.add_error(None, sentence)
        return rest

    def tell_what_is_new(self, kept: Mapping[str, Any]) -> None:
        """Show below each field what somebody else has saved in it, where something else is typed."""
        language = get_language() or ""
        for field in custom_fields(self.document).values():
            key, held = key_of(field), kept.get(key_of(field))
            if key not in self.fields or key not in (self.custom or {}):
                continue
            try:
                same = read_value(field, (self.custom or {})[key], self.setting, held) == held
            except NotAccepted:
                same = False
            if not same:
                text = shown_text(field, held, self.setting, language).replace("\n", " · ")
                said = _("Saved meanwhile: %(value)s") % {"value": text or "—"}
                self.fields[key].help_text = escape(said)


def drawn_text(sheet: JobSheet) -> str:
    """Return with which version of which layout a sheet is drawn, as its form sends it back."""
    return f"{sheet.layout_version.layout.name}/{sheet.layout_version.number}"
