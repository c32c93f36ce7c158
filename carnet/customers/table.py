"""Customers as a table for a spreadsheet: those of the list, with what the reader may read of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from carnet.customers.fields import CUSTOMERS
from carnet.customers.listing import Asked, Listed, customers_listed
from carnet.customers.models import Contact, Customer
from carnet.customisation.conditions import Conditions
from carnet.customisation.lookups import known_of
from carnet.customisation.queries import FieldEntry, current_layout, fields_of, key_of, label_in
from carnet.customisation.showing import learn
from carnet.customisation.types import Setting, text_of
from carnet.organisations.access import Access

#: As many are read at once.
CHUNK: Final = 500

#: Field -> the contacts that stand in its column, and the head of it.
_CONTACTS: Final = (
    ("phone", Contact.Kind.PHONE, gettext_lazy("Phone")),
    ("email", Contact.Kind.EMAIL, gettext_lazy("E-mail address")),
)
Rows = list[list[str]]


def customers_table(access: Access, asked: Asked) -> Iterator[Rows]:
    """Yield chunks of rows, the head first: the customers asked for, in their order, as the list shows them.

    Of a field that the reader may not read there is no column. Raises Invalid as `customers_listed` does, before the
    first chunk is asked for.
    """
    access.require("customers.export")
    first = customers_listed(access, asked, CHUNK)
    return _chunks(access, asked, first)


def _chunks(access: Access, asked: Asked, page: Listed) -> Iterator[Rows]:
    fields = [
        field
        for field in fields_of(current_layout(access, CUSTOMERS).document)
        if "id" in field and access.may_read_field(CUSTOMERS, key_of(field))
    ]
    yield [_head(access, fields)]
    written: set[int] = set()
    while True:
        # Who is found by their name may be renamed meanwhile, or get out of sight: nobody stands there twice.
        fresh = [one for one in page.customers if one.pk not in written]
        written.update(one.pk for one in fresh)
        learn(access, fields, [one.custom for one in fresh])
        yield [_row(access, fields, one) for one in fresh]
        if page.next is None or not fresh:
            return
        page = customers_listed(access, replace(asked, after=page.next), CHUNK)


def _head(access: Access, fields: Sequence[FieldEntry]) -> list[str]:
    language = get_language() or ""
    reads = [words for key, _kind, words in _CONTACTS if access.may_read_field(CUSTOMERS, key)]
    return [_("Name"), *map(str, reads), *(label_in(field["label"], language) for field in fields)]


def _row(access: Access, fields: Sequence[FieldEntry], customer: Customer) -> list[str]:
    cells = [customer.name]
    contacts = list(customer.contacts.all())
    for key, kind, _words in _CONTACTS:
        if access.may_read_field(CUSTOMERS, key):
            cells.append(", ".join(one.value for one in contacts if one.kind == kind))
    setting = Setting(access.organisation.zone, lookups=known_of(access))
    asked = Conditions(current_layout(access, CUSTOMERS).document, customer.custom).shown
    language = get_language() or ""
    for field in fields:
        value = customer.custom.get(key_of(field)) if key_of(field) in asked else None
        cells.append(text_of(field, value, setting, language))
    return cells
