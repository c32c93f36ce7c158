"""Look-ups in a form: members and services are chosen from a list, customers are found by their name or number."""

from __future__ import annotations

from typing import Any, Final

from django import forms

from carnet.catalogue.models import Service
from carnet.customers.queries import lookup
from carnet.customisation.lookups import known_of
from carnet.customisation.queries import FieldEntry
from carnet.customisation.types import Setting, type_of
from carnet.organisations.access import Access
from carnet.organisations.models import Member

#: As many records are offered in a list.
_MOST: Final = 1000


def lookup_field(access: Access, field: FieldEntry, held: Any, attributes: dict[str, str]) -> forms.Field:
    """Return the input of a look-up; what is `held` can stay, also where it would not be offered anew."""
    if field["type"] == "customer":
        return forms.CharField(widget=forms.TextInput(attrs={**attributes, "maxlength": "300"}), required=False)
    offered = list(_offered(access, field["type"]))
    setting = Setting(lookups=known_of(access))
    if held is not None and (told := type_of(field).sent(field, held, setting)) and told not in dict(offered):
        offered.append((told, type_of(field).shown(field, held, setting, "")))
    return forms.CharField(widget=forms.Select(attrs=attributes, choices=[("", "—"), *offered]), required=False)


def lookup_typed(access: Access, field: FieldEntry, text: str, held: Any, setting: Setting) -> str:
    """Return the public id of what was chosen or typed; what fits nobody, or several, is returned as it is."""
    text = text.strip()
    if not text or field["type"] != "customer":
        return text
    kind = type_of(field)
    if held is not None and text == kind.shown(field, held, setting, ""):
        return kind.sent(field, held, setting) or ""
    if not access.may("customers.see"):
        return text
    found = lookup(access, text, 2)
    exact = [one for one in found if one.name.casefold() == text.casefold()]
    chosen = exact if len(exact) == 1 else found
    return str(chosen[0].public_id) if len(chosen) == 1 else text


def _offered(access: Access, kind: str) -> list[tuple[str, str]]:
    if kind == "member":
        members = access.visible(Member.objects.filter(active=True)).order_by("name")[:_MOST]
        return [(str(one.public_id), one.name) for one in members]
    if not access.may("catalogue.see"):
        return []
    services = access.visible(Service.objects.filter(in_use=True, deleted_at__isnull=True)).order_by("name")[:_MOST]
    return [(str(one.public_id), one.name) for one in services]
