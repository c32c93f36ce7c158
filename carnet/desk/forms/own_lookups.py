"""Look-ups in a form: members and services are chosen from a list; customers, and what is many, are typed and found.

While something is typed, the page suggests what fits (`found`), and sends the id of what was taken beside the text. The
text alone will do: without a script, a name or a number that fits one record means that record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms

from carnet.base.typed_text import fold
from carnet.catalogue.models import Service
from carnet.customers.models import Customer
from carnet.customers.queries import lookup
from carnet.customisation.lookups import known_of
from carnet.customisation.queries import FieldEntry
from carnet.customisation.types import Setting, type_of
from carnet.organisations.access import Access
from carnet.organisations.models import Member

#: Chosen from a list; customers are too many.
IN_LISTS: Final = ("member", "service")
#: As many records a list has at most; more of them are typed.
_LIST: Final = 50
#: As many records are offered at all, and suggested at once.
_MOST, SUGGESTED = 1000, 8


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A record that fits what is typed; of customers, with what tells them apart."""

    id: str
    name: str
    customer: Customer | None = None


def lookup_field(access: Access, field: FieldEntry, held: Any, attributes: dict[str, str]) -> forms.Field:
    """Return the input of a look-up; what is `held` can stay, also where it would not be offered anew."""
    offered = [] if field["type"] == "customer" else records_offered(access, field["type"])
    if field["type"] == "customer" or len(offered) > _LIST:
        return forms.CharField(widget=forms.TextInput(attrs={**attributes, "maxlength": "300"}), required=False)
    if (told := held_id(access, field, held)) and told not in dict(offered):
        offered.append((told, type_of(field).shown(field, held, Setting(lookups=known_of(access)), "")))
    return forms.CharField(widget=forms.Select(attrs=attributes, choices=[("", "—"), *offered]), required=False)


def held_id(access: Access, field: FieldEntry, held: Any) -> str:
    """Return the public id of what a record holds, "" for nothing, and for what the reader does not see."""
    return "" if held is None else type_of(field).sent(field, held, Setting(lookups=known_of(access))) or ""


def lookup_typed(access: Access, field: FieldEntry, text: str, taken: str, held: Any, setting: Setting) -> str:
    """Return the public id of what was chosen or typed; what fits nobody, or several, is returned as it is.

    `taken` is the id of the suggestion that was taken, which counts as long as the text is its name.
    """
    text, kind = text.strip(), type_of(field)
    if not text or _is_id(text):
        return text
    if held is not None and text == kind.shown(field, held, setting, ""):
        return kind.sent(field, held, setting) or ""
    known = known_of(access)
    pk = known.pk_of(field["type"], UUID(taken)) if _is_id(taken) else None
    if pk is not None and (told := known.told(field["type"], pk)) and told[1] == text:
        return str(told[0])
    fitting = found(access, field["type"], text)
    exact = [one for one in fitting if one.name.casefold() == text.casefold()]
    chosen = exact if len(exact) == 1 else fitting
    return chosen[0].id if len(chosen) == 1 else text


def found(access: Access, kind: str, text: str) -> list[Suggestion]:
    """Return the records of a kind that fit what is typed, the best first, as far as the reader sees them."""
    words = fold(text).split()
    if not words:
        return []
    if kind == "customer":
        fitting = lookup(access, text, SUGGESTED) if access.may("customers.see") else []
        return [Suggestion(str(one.public_id), one.name, one) for one in fitting]
    names = [(fold(name), public_id, name) for public_id, name in records_offered(access, kind)]
    fits = [one for one in names if all(word in one[0] for word in words)]
    fits.sort(key=lambda one: not one[0].startswith(words[0]))
    return [Suggestion(public_id, name) for _folded, public_id, name in fits[:SUGGESTED]]


def records_offered(access: Access, kind: str) -> list[tuple[str, str]]:
    """Return the records of a kind that can be chosen, by public id, with their names."""
    if kind == "member":
        members = access.visible(Member.objects.filter(active=True)).order_by("name")[:_MOST]
        return [(str(one.public_id), one.name) for one in members]
    if not access.may("catalogue.see"):
        return []
    services = access.visible(Service.objects.filter(in_use=True, deleted_at__isnull=True)).order_by("name")[:_MOST]
    return [(str(one.public_id), one.name) for one in services]


def _is_id(text: str) -> bool:
    try:
        return len(text) == 36 and bool(UUID(text))
    except ValueError:
        return False
