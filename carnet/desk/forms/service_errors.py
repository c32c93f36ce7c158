"""What is wrong with a typed service, said beside the field that is to blame; and what others saved meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.html import escape
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.catalogue.details import ServiceDetails, check
from carnet.catalogue.fields import SERVICES
from carnet.customisation.fields import own_value_text
from carnet.desk.forms.service import ServiceForm
from carnet.desk.forms.service_typed import as_posted

LENGTHS = ("usual", "shortest", "longest")
#: Rule about several lines -> what the names of their fields begin with.
GROUPS = {
    "hours": "hours_",
    "dates": "date_on_",
    "member_prices": "member_price_",
    "length_prices": "length_minutes_",
    "add_ons": "add_on_name_",
}


def refuse(form: ServiceForm, errors: Mapping[str, str]) -> None:
    """Put each sentence beside its field; that of a rule about several lines beside the line that breaks it."""
    errors = form.refused(errors)
    if not form.cleaned_data.get("variable"):
        # One duration stands for all three.
        one = next((errors[key] for key in LENGTHS if key in errors), None)
        errors = {key: said for key, said in errors.items() if key not in LENGTHS}
        errors |= {"usual": one} if one else {}
    for key, sentence in errors.items():
        name, said = (key, sentence) if key in form.fields else _blamed(form, key, sentence)
        form.add_error(name if name in form.fields else None, said)
    begin_at_error(form)


def begin_at_error(form: ServiceForm) -> None:
    """Let a page without a script begin at the first error, too."""
    wrong = next((name for name in form.fields if name in form.errors), None)
    if wrong is not None:
        for attribute in ("autofocus", "data-select"):
            form.fields["name"].widget.attrs.pop(attribute, None)
        form.fields[wrong].widget.attrs["autofocus"] = True


def _blamed(form: ServiceForm, key: str, sentence: str) -> tuple[str, str]:
    """Return the first line that breaks the rule by itself, the first of all if only all together do."""
    if key not in GROUPS:
        return "", sentence
    lines = list(_one_by_one(form, key, form.details()))
    for name, alone in lines:
        try:
            check(form.access, alone)
        except Invalid as error:
            if key in error.errors:
                return name, error.errors[key]
    first = next((name for name in form.fields if name.startswith(GROUPS[key])), "")
    return (lines[0][0] if lines else first), sentence


def _one_by_one(form: ServiceForm, key: str, details: ServiceDetails) -> Iterator[tuple[str, ServiceDetails]]:
    """Yield each line's field with the service as it would be with that line alone."""
    match key:
        case "hours":
            for day, windows in details.hours.items():
                yield f"hours_{day}", replace(details, hours={day: windows})
        case "dates":
            for number, (on, _hours) in form.typed_rows("dates"):
                yield f"date_on_{number}", replace(details, dates={on: details.dates[on]})
        case "member_prices":
            for member in details.members:
                if member.pk in details.member_prices:
                    price = {member.pk: details.member_prices[member.pk]}
                    yield f"member_price_{member.public_id}", replace(details, member_prices=price)
        case "length_prices":
            for number, (minutes, price) in form.typed_rows("lengths"):
                yield f"length_minutes_{number}", replace(details, length_prices={minutes: price})
        case _:
            for (number, _values), add_on in zip(form.typed_rows("add_ons"), details.add_ons, strict=True):
                yield f"add_on_name_{number}", replace(details, add_ons=[add_on])


def _own_saved_meanwhile(form: ServiceForm, now: ServiceForm) -> None:
    """The same for fields of the organisation's own that were sent."""
    for key in form.own.custom or {}:
        if key not in now.own.fields or form.own[key].value() == now.own[key].value():
            continue
        text = own_value_text(form.access, SERVICES, key, now.own.stored.get(key)) or "—"
        said = escape(_("Saved meanwhile: %(value)s") % {"value": text})
        form.own.fields[key].help_text = form.own[key].help_text = said


def saved_meanwhile(form: ServiceForm, sent: QueryDict, now: ServiceForm, version: int) -> None:
    """Show below each field what somebody else has saved in it since it was read; their version counts as seen."""
    theirs, mine = as_posted(now), sent.copy()
    for name, field in form.fields.items():
        stored, own = (sorted(one for one in data.getlist(name) if one) for data in (theirs, mine))
        if name in ("version", "image", "drop_image") or stored == own:
            continue
        known = now.fields.get(name, field)
        labels = {"on": _("yes")}
        if isinstance(known, forms.ChoiceField):
            labels |= {str(value): str(label) for value, label in known.widget.choices}
        text = ", ".join(labels.get(one, one) for one in stored)
        # What was drawn already remembers its help.
        field.help_text = form[name].help_text = escape(_("Saved meanwhile: %(value)s") % {"value": text or "—"})
    _own_saved_meanwhile(form, now)
    mine["version"] = str(version)
    form.data = mine
