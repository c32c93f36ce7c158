"""The shape of a job sheet, made from the layout version it is filled in with."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import gettext as _

from carnet.customisation.models import Field
from carnet.customisation.queries import Document, FieldEntry, fields_of, key_of, label_in
from carnet.customisation.values import LONGEST, Setting, typed_text
from carnet.jobsheets.fields import JOB_SHEETS
from carnet.organisations.access import Access

VALUE_KEY = re.compile(r"f\d{1,18}\Z")


class JobSheetForm(forms.Form):
    """Fields are optional here: what is required is asked for at completion, by the action."""

    def __init__(
        self,
        document: Document,
        stored: Mapping[str, Any],
        setting: Setting,
        language: str,
        data: QueryDict | None = None,
        *,
        demanded: bool = False,
        access: Access,
    ) -> None:
        super().__init__(data, auto_id="sheet-%s")
        self._sections: list[tuple[str, list[str]]] = []
        for section in document["sections"]:
            keys = []
            for field in section["fields"]:
                key = key_of(field)
                if not access.may_read_field(JOB_SHEETS, key):
                    continue
                self.fields[key] = _form_field(field, language, demanded)
                value = stored.get(key)
                is_tick = field["type"] == Field.Type.CHECKBOX
                self.initial[key] = bool(value) if is_tick else typed_text(field, value, setting)
                self.fields[key].disabled = not access.may_edit_field(JOB_SHEETS, key)
                keys.append(key)
            self._sections.append((label_in(section["label"], language), keys))

    def sections(self) -> list[tuple[str, list[BoundField]]]:
        return [(label, [self[key] for key in keys]) for label, keys in self._sections]

    def saved_meanwhile(self, key: str, text: str) -> None:
        """Show below a field what somebody else has saved in it since it was read."""
        said = _("Saved meanwhile: %(value)s") % {"value": text or "—"}
        self.fields[key].help_text = escape(said)

    def refused(self, errors: Mapping[str, str]) -> None:
        """Put each sentence beside its field, what belongs to none above all."""
        self.full_clean()
        if not self.is_bound:
            self.cleaned_data = {}
        first = next((key for _label, keys in self._sections for key in keys if key in errors), None)
        if first is not None:
            # A page without a script starts where something is missing.
            self.fields[first].widget.attrs["autofocus"] = True
        for key, sentence in errors.items():
            self.add_error(key if key in self.fields else None, sentence)


def _form_field(field: FieldEntry, language: str, demanded: bool) -> forms.Field:
    label = label_in(field["label"], language)
    awaited = demanded and field.get("required", False)
    if awaited:
        label = _("%(label)s (required)") % {"label": label}
    # An organisation wrote it, so it is text; help texts are drawn as HTML.
    help_text = escape(label_in(field.get("help", {}), language))
    about: dict[str, Any] = {"label": label, "required": False, "help_text": help_text}
    attributes = {"autocomplete": "off"} | ({"aria-required": "true"} if awaited else {})
    match field["type"]:
        case Field.Type.CHECKBOX:
            return forms.BooleanField(**about)
        case Field.Type.CHOICE:
            choices = [(choice["id"], label_in(choice["label"], language)) for choice in field["choices"]]
            widget = forms.Select(attrs=attributes, choices=[("", "—"), *choices])
            return forms.CharField(widget=widget, **about)
        case Field.Type.PARAGRAPH:
            return forms.CharField(widget=forms.Textarea(attrs={**attributes, "rows": 3}), **about)
        case Field.Type.NUMBER:
            attributes["inputmode"] = "decimal" if field.get("decimals") else "numeric"
        case Field.Type.DATE:
            attributes["placeholder"] = _("dd/mm/yyyy")
        case Field.Type.MOMENT:
            attributes["placeholder"] = _("dd/mm/yyyy hh:mm, or the time alone")
        case Field.Type.TEXT:
            attributes["maxlength"] = str(LONGEST[Field.Type.TEXT])
    return forms.CharField(widget=forms.TextInput(attrs=attributes), strip=False, **about)


def values_typed(access: Access, document: Document, data: QueryDict, *, whole: bool) -> dict[str, Any]:
    """Return the values that a request carries; in a `whole` form a tick that is missing was taken away."""
    values: dict[str, Any] = {key: data[key] for key in data if VALUE_KEY.match(key)}
    if whole:
        for field in fields_of(document):
            if field["type"] == Field.Type.CHECKBOX and access.may_edit_field(JOB_SHEETS, key_of(field)):
                values.setdefault(key_of(field), "")
    return values
