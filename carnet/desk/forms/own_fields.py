"""The fields of a layout in a form: those that an organisation added are drawn and read here, in every form alike.

A view makes `OwnFields`, the template walks over `sections` and draws what is built in by templates of its own and
everything else by `desk/own_fields/_field.html`; the action is given `custom`. What is asked only on a condition is on
the page, hidden and disabled: `frontend/own_fields.ts` asks the server what the typed values let appear.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from carnet.base.money import currency_sign
from carnet.customisation.actions.keeping import defaults_kept
from carnet.customisation.conditions import Conditions
from carnet.customisation.lookups import known_of
from carnet.customisation.predefined import SHOWN, STANDARD, built_in_fields
from carnet.customisation.queries import Document, FieldEntry, current_layout, fields_of, key_of, label_in
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.choices import open_choices
from carnet.customisation.types.files import FILES
from carnet.customisation.values import custom_fields, typed_text, validated
from carnet.desk.forms.own_files import FileDrawn, file_drawn, file_typed
from carnet.desk.forms.own_lines import LinesDrawn, lines_drawn, lines_typed
from carnet.desk.forms.own_lookups import held_id, lookup_field, lookup_typed
from carnet.organisations.access import Access

#: The input that says which own fields a form carries: an unticked box sends nothing, and must not be taken for absent.
CARRIED: Final = "own"
LOOKED_UP: Final = ("customer", "service", "member")
MANY: Final = ("choices", "checklist")


@dataclass(frozen=True, slots=True)
class LookUpDrawn:
    """A look-up that is typed: where what fits is suggested, and the id of the record that stands in it."""

    url: str
    taken: str


@dataclass(frozen=True, slots=True)
class FieldDrawn:
    """A place of the form: a built-in field by its `key`, or one of the organisation's own."""

    key: str
    #: "built_in", or the type of the organisation's field.
    kind: str
    label: str
    help: str
    required: bool
    #: Whether the values that stand in the form let it be asked.
    asked: bool
    is_own: bool
    #: Drawn by c/field.html; None where the form draws it by a template of its own.
    bound: BoundField | None = None
    #: Of repeating lines.
    lines: LinesDrawn | None = None
    look_up: LookUpDrawn | None = None
    #: Of totals, as read.
    total: str | None = None
    #: Of pictures, files and signatures.
    file: FileDrawn | None = None

    @property
    def editable(self) -> bool:
        return self.is_own and self.total is None and not (self.bound and self.bound.field.disabled)


@dataclass(frozen=True, slots=True)
class SectionDrawn:
    label: str
    columns: int
    fields: Sequence[FieldDrawn]

    @property
    def is_asked(self) -> bool:
        return any(field.asked for field in self.fields)


class OwnFields(forms.Form):
    """The fields that the layout of a module asks, for one record.

    `stored` is what the record holds (`custom`), None for one that is being made; `data` what was sent. A version of
    the layout other than the newest is given as `document` with its number, `version`. Where `demanded` is false,
    required fields are not said to be. `only_required` draws no others: for forms in which the record is a matter
    beside. `around` is the form whose inputs are the built-in fields, each under its key: they are called, explained
    and demanded as the layout says, and those that it removed are taken out.
    """

    def __init__(
        self,
        access: Access,
        module: str,
        *,
        layout: str = STANDARD,
        document: Document | None = None,
        version: int = 0,
        stored: Mapping[str, Any] | None = None,
        data: QueryDict | None = None,
        setting: Setting | None = None,
        demanded: bool = True,
        only_required: bool = False,
        around: forms.Form | None = None,
    ) -> None:
        super().__init__(auto_id="own-%s")
        self.access, self.module, self.layout = access, module, layout
        self.document = document or current_layout(access, module, layout).document
        self.version = version
        self.setting = setting or Setting(access.organisation.zone, lookups=known_of(access))
        self.stored = defaults_kept(self.document) if stored is None else stored
        self._language = get_language() or ""
        self._demanded, self._only_required = demanded, only_required
        self._around = around
        if around is not None:
            self._lay_out(around, is_new=stored is None)
        self._own = custom_fields(self.document)
        self.custom = self._custom(data)
        values = self.stored
        if self.custom:
            values = validated(self.document, self.custom, setting=self.setting, before=self.stored).after
        self._worked_out = Conditions(self.document, values)
        for field in self._own.values():
            self._prepare(field)
        if data is not None and self.custom:
            self.data, self.is_bound = self._with_the_rest(data), True

    def _lay_out(self, around: forms.Form, *, is_new: bool) -> None:
        built_in = {field["key"]: field for field in fields_of(self.document) if "id" not in field}
        for key in built_in_fields(self.module, self.layout):
            if key in around.fields:
                self.lay_out(around, key, key)
        for key, field in built_in.items():
            if is_new and key in around.fields and "default" in field:
                around.initial.setdefault(key, field["default"])

    def lay_out(self, around: forms.Form, name: str, key: str) -> None:
        """Call, explain and demand the input `name` of a form as the layout does its field `key`, or take it out."""
        field = next((one for one in fields_of(self.document) if "id" not in one and one["key"] == key), None)
        if field is None:
            del around.fields[name]
            return
        drawn = around.fields[name]
        drawn.label = label_in(field["label"], self._language)
        if said := label_in(field.get("help") or {}, self._language):
            drawn.help_text = escape(said)
        if field.get("required") and not field.get("locked"):
            drawn.required = True

    def _with_the_rest(self, data: QueryDict) -> QueryDict:
        """Return what was sent, and what stands in the fields that were not: those that were not asked then."""
        whole = data.copy()
        for key in self.fields:
            if key not in (self.custom or {}):
                held = self.initial[key]
                whole.setlist(key, held if isinstance(held, list) else ["on" if held is True else held or ""])
        return whole

    @property
    def has_rules(self) -> bool:
        """Whether what is typed changes what is asked."""
        return any(
            section.get("shown_if") or any(map(_is_ruled, section["fields"])) for section in self.document["sections"]
        )

    @property
    def sections(self) -> list[SectionDrawn]:
        """All of the layout, what is built in as well; without what is hidden, and without sections left empty.

        With a form `around`, built-in fields that it has no input for are left out.
        """
        drawn = [
            SectionDrawn(
                label_in(section["label"], self._language),
                section.get("columns", 1),
                [self._drawn(field) for field in section["fields"] if self._is_drawn(field)],
            )
            for section in self.document["sections"]
        ]
        return [section for section in drawn if section.fields]

    @property
    def own(self) -> list[FieldDrawn]:
        """The organisation's own fields alone, for forms whose other fields are always the same."""
        return [field for section in self.sections for field in section.fields if field.is_own]

    def refused(self, errors: Mapping[str, str]) -> dict[str, str]:
        """Put each sentence beside its field; return those that are of no own field."""
        self.full_clean()
        if not self.is_bound:
            self.cleaned_data = {}
        for key, sentence in errors.items():
            if key in self.fields:
                self.add_error(key, sentence)
                if not any(field.widget.attrs.get("autofocus") for field in self.fields.values()):
                    self.fields[key].widget.attrs["autofocus"] = True
        return {key: sentence for key, sentence in errors.items() if key not in self.fields}

    def asked_now(self) -> dict[str, Any]:
        """Return what a page must show for what is typed: the keys that are asked, totals, totals of lines."""
        return {
            "asked": sorted(key for key in self._worked_out.shown if key in self._own and self._may_read(key)),
            "totals": dict(self._totals()),
            "lines": {
                field.key: [[cell.text for cell in line if cell.is_total] for line in field.lines.rows]
                for field in self.own
                if field.lines is not None
            },
        }

    def _suggestions(self, key: str) -> str:
        about = {"field": key} | ({"version": str(self.version)} if self.version else {})
        return f"{reverse('own_fields_suggestions', args=[self.module, self.layout])}?{urlencode(about)}"

    def _totals(self) -> Iterator[tuple[str, str]]:
        for key, field in self._own.items():
            if field["type"] == "total" and self._may_read(key):
                yield key, self._total(field)

    def _total(self, field: FieldEntry) -> str:
        value = self._worked_out.values.get(key_of(field))
        return "" if value is None else type_of(field).shown(field, value, self.setting, self._language)

    def _custom(self, data: QueryDict | None) -> dict[str, Any] | None:
        """Return what was typed, by key; None where nothing of it was sent."""
        if data is None:
            return None
        carried = [key for key in data.getlist(CARRIED) if key in self._own]
        if not carried:
            return None
        return {key: self._typed(self._own[key], data) for key in dict.fromkeys(carried)}

    def _typed(self, field: FieldEntry, data: QueryDict) -> Any:
        key = key_of(field)
        if field["type"] in MANY:
            return [one for one in data.getlist(key) if one]
        if field["type"] == "lines":
            return lines_typed(field, data)
        if field["type"] in LOOKED_UP:
            text, taken = data.get(key, ""), data.get(f"{key}.id", "")
            return lookup_typed(self.access, field, text, taken, self.stored.get(key), self.setting)
        if field["type"] in FILES:
            return file_typed(key, data)
        return data.get(key, "")

    def _may_read(self, key: str) -> bool:
        return self.access.may_read_field(self.module, key)

    def _is_drawn(self, field: FieldEntry) -> bool:
        if "id" not in field:
            return not self._only_required and (self._around is None or field["key"] in self._around.fields)
        if not self._may_read(key_of(field)):
            return False
        awaited = bool(field.get("required") or field.get("required_if"))
        return awaited if self._only_required else awaited or "form" in field.get("shows", SHOWN)

    def _prepare(self, field: FieldEntry) -> None:
        key = key_of(field)
        if field["type"] == "total":
            return
        label = label_in(field["label"], self._language)
        if sign := _unit(field):
            label = f"{label} ({sign})"
        made = self._form_field(field)
        made.label = self._marked(label, field)
        # An organisation wrote it, so it is text; help texts are drawn as HTML.
        made.help_text = escape(label_in(field.get("help") or {}, self._language))
        made.disabled = not self.access.may_edit_field(self.module, key)
        self.fields[key] = made
        self.initial[key] = self._initial(field)

    def _marked(self, label: str, field: FieldEntry) -> str:
        return _("%(label)s (required)") % {"label": label} if self._demanded and field.get("required") else label

    def _initial(self, field: FieldEntry) -> Any:
        value = self.stored.get(key_of(field))
        if field["type"] == "checkbox":
            return bool(value)
        if field["type"] in MANY:
            return [str(one) for one in value or ()]
        if field["type"] in LOOKED_UP and value is not None and self._is_typed(key_of(field)):
            return type_of(field).shown(field, value, self.setting, self._language)
        return typed_text(field, value, self.setting)

    def _is_typed(self, key: str) -> bool:
        """Return whether a look-up is typed, and not chosen from a list."""
        return isinstance(self.fields[key].widget, forms.TextInput)

    def _taken(self, field: FieldEntry) -> str:
        """Return the id of the record that a look-up names as it stands in the form."""
        typed = self.data.get(f"{key_of(field)}.id") if self.is_bound else None
        return held_id(self.access, field, self.stored.get(key_of(field))) if typed is None else str(typed)

    def _form_field(self, field: FieldEntry) -> forms.Field:
        kind, attributes = field["type"], self._attributes(field)
        if kind == "checkbox":
            return forms.BooleanField(required=False)
        if kind in LOOKED_UP:
            return lookup_field(self.access, field, self.stored.get(key_of(field)), attributes)
        if kind in ("choice", *MANY):
            return self._list(field, attributes)
        if kind in ("paragraph", "lines"):
            area = forms.Textarea(attrs={**attributes, "rows": 3})
            return forms.CharField(widget=area, required=False)
        return forms.CharField(widget=_TYPED.get(kind, forms.TextInput)(attrs=attributes), required=False, strip=False)

    def _list(self, field: FieldEntry, attributes: dict[str, str]) -> forms.Field:
        held = self.stored.get(key_of(field))
        offered = [(str(one["id"]), label_in(one["label"], self._language)) for one in open_choices(field)]
        # What was chosen before it was archived stays, and can be seen.
        for one in held if isinstance(held, list) else [held]:
            if one is not None and str(one) not in dict(offered):
                archived = {choice["id"]: choice for choice in field.get("choices", ())}.get(one)
                offered.append((str(one), label_in(archived["label"], self._language) if archived else "?"))
        if field["type"] in MANY:
            boxes = forms.CheckboxSelectMultiple(choices=offered)
            return forms.MultipleChoiceField(choices=offered, widget=boxes, required=False)
        select = forms.Select(attrs=attributes, choices=[("", "—"), *offered])
        return forms.CharField(widget=select, required=False)

    def _attributes(self, field: FieldEntry) -> dict[str, str]:
        kind = field["type"]
        found = {"autocomplete": "off"}
        if self._demanded and field.get("required"):
            found["aria-required"] = "true"
        if (longest := getattr(type_of(field), "longest", None)) and kind != "paragraph":
            found["maxlength"] = str(longest)
        if kind in ("number", "money", "percent"):
            found["inputmode"] = "decimal" if field.get("decimals") else "numeric"
        hint = label_in(field.get("placeholder") or {}, self._language)
        hints = {"date": _("dd/mm/yyyy"), "moment": _("dd/mm/yyyy hh:mm, or the time alone")}
        if hint or kind in hints:
            found["placeholder"] = hint or hints[kind]
        return found

    def _drawn(self, field: FieldEntry) -> FieldDrawn:
        key = key_of(field)
        about: dict[str, Any] = {
            "key": key,
            "kind": field["type"],
            "label": label_in(field["label"], self._language),
            "help": label_in(field.get("help") or {}, self._language),
            "required": bool(field.get("required")),
            "asked": key in self._worked_out.shown or bool(self.errors.get(key)),
            "is_own": "id" in field,
        }
        if "id" not in field:
            return FieldDrawn(**about, bound=self._around[key] if self._around is not None else None)
        if field["type"] == "total":
            return FieldDrawn(**about, total=self._total(field))
        if field["type"] == "lines" and not self.fields[key].disabled:
            typed = self.custom.get(key) if self.custom else None
            kept = self._worked_out.values.get(key) or []
            drawn = lines_drawn(field, kept, typed, self.setting, self._language)
            return FieldDrawn(**about, bound=self[key], lines=drawn)
        if field["type"] in LOOKED_UP and self._is_typed(key) and not self.fields[key].disabled:
            return FieldDrawn(**about, bound=self[key], look_up=LookUpDrawn(self._suggestions(key), self._taken(field)))
        if field["type"] in FILES:
            typed, held = (self.custom or {}).get(key), self.stored.get(key)
            drawn_file = file_drawn(field, typed, held, self.setting, self._language)
            return FieldDrawn(**about, bound=self[key], file=drawn_file)
        return FieldDrawn(**about, bound=self[key])


_TYPED: Final[Mapping[str, Any]] = {
    "phone": type("TelInput", (forms.TextInput,), {"input_type": "tel"}),
    "email": forms.EmailInput,
}


def _is_ruled(field: FieldEntry) -> bool:
    has_totals = any(column["type"] == "total" for column in field.get("columns", ()))
    return bool(field.get("shown_if") or field["type"] == "total" or has_totals)


def _unit(field: FieldEntry) -> str:
    if field["type"] == "percent":
        return "%"
    return currency_sign(field["currency"]) if field.get("currency") else ""
