"""All customers as a page: filtered and put in order by what everybody has and by what the organisation added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from carnet.base.errors import Invalid
from carnet.customers.fields import CUSTOMERS
from carnet.customers.listing import NAME, NEWEST, Asked, Listed, customers_listed
from carnet.customers.models import Contact, Customer
from carnet.customisation.built_in import is_read
from carnet.customisation.finding import findable_fields
from carnet.customisation.queries import FieldEntry, key_of, label_in
from carnet.customisation.showing import Told, learn_looked_up, shown_fields, told_fields
from carnet.customisation.types import type_of
from carnet.customisation.types.choices import open_choices
from carnet.customisation.types.files import FILES
from carnet.desk.forms.own_lookups import IN_LISTS, records_offered
from carnet.desk.queries.own_asked import COMPARED, is_ranged, range_hint, range_words
from carnet.desk.sheets import private, wants_fragment
from carnet.organisations.access import Access
from carnet.organisations.requests import OrganisationRequest


@dataclass(frozen=True, slots=True)
class Filter:
    """One thing that can be looked for: a list of choices, or what is typed."""

    name: str
    label: str
    value: str
    choices: Sequence[tuple[str, str]] = ()
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the address that puts the list in its order; "" where it has none."""

    label: str
    address: str = ""
    #: "ascending", "descending" or "": how the list is ordered by it now.
    order: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    customer: Customer
    phones: Sequence[str]
    emails: Sequence[str]
    own: Sequence[Told | None]


@require_GET
def customer_list(request: OrganisationRequest) -> HttpResponse:
    """The page; what was filtered comes back as the part of it that changes."""
    request.access.require("customers.see")
    context = drawn(request.access, request.GET)
    fragment = wants_fragment(request) and "customers-results" in request.headers.get("HX-Target", "")
    template = "desk/customers/_list_results.html" if fragment else "desk/customers/list.html"
    response = private(render(request, template, context))
    if fragment:
        response["HX-Push-Url"] = context["address"]
    return response


def drawn(access: Access, data: QueryDict) -> dict[str, Any]:
    """Return what the page of the list draws for what is asked for."""
    fields = findable_fields(access, CUSTOMERS)
    listed = shown_fields(access, CUSTOMERS, "list")
    shown = {key_of(field) for field in listed}
    filters = list(_filters(access, fields, data))
    more = [one for one in filters if one.name.partition("-")[0] in fields and one.name.partition("-")[0] not in shown]
    asked = asked_of(fields, data)
    errors: dict[str, str] = {}
    found = Listed((), None)
    try:
        found = customers_listed(access, asked)
    except Invalid as error:
        errors = {key: str(sentence) for key, sentence in error.errors.items()}
    learn_looked_up(access, CUSTOMERS, [one.custom for one in found.customers], "list")
    state = {one.name: one.value for one in filters if one.value}
    address = reverse("customer_list")
    sort = ("-" if asked.descending else "") + asked.sort
    return {
        "filters": [one for one in filters if one not in more],
        "more_filters": more,
        "more_open": any(one.value for one in more),
        "is_filtered": bool(state),
        "columns": list(_columns(access, listed, asked, address, state)),
        "shows_email": is_read(access, CUSTOMERS, "email"),
        "lines": [_line(access, one, listed) for one in found.customers],
        "errors": [(_label(fields[key]) if key in fields else "", text) for key, text in errors.items()],
        "sort": sort,
        "address": _at(address, state | ({"sort": sort} if sort != NAME else {})),
        "next": _at(address, state | {"sort": sort, "after": str(found.next)}) if found.next else "",
        "first": _at(address, state | {"sort": sort}) if asked.after else "",
        "list_url": address,
        "kept": state | ({"sort": sort} if sort != NAME else {}),
        "may_export": access.may("customers.export"),
        "may_create": access.may("customers.create"),
    }


def _at(address: str, state: dict[str, str]) -> str:
    return f"{address}?{urlencode(state)}" if state else address


def _label(field: FieldEntry) -> str:
    return label_in(field["label"], get_language() or "")


def asked_of(fields: dict[str, FieldEntry], data: QueryDict) -> Asked:
    """Return what the parameters of an address, or of a form, ask for; what cannot be asked is left aside."""
    own: list[tuple[str, str, Any]] = []
    for name, value in data.items():
        key, _dash, compared = str(name).partition("-")
        value = str(value)[:300].strip()
        if not value or key not in fields:
            continue
        if compared in COMPARED:
            own.append((key, compared, value))
        elif not compared:
            own.append((key, *_operator(fields[key], value)))
    sort = data.get("sort", NAME)[:40]
    column = sort.removeprefix("-")
    if column not in (NAME, NEWEST) and not (column in fields and type_of(fields[column]).sortable):
        sort = column = NAME
    try:
        after = UUID(str(data["after"])) if data.get("after") else None
    except ValueError:
        after = None
    return Asked(data.get("language", "")[:8], own, column, sort.startswith("-"), after)


def _operator(field: FieldEntry, value: str) -> tuple[str, Any]:
    if field["type"] == "checkbox" or field["type"] in FILES:
        return ("filled" if value == "yes" else "empty"), None
    operators = type_of(field).operators
    return ("contains" if "contains" in operators else "is"), value


def _filters(access: Access, fields: dict[str, FieldEntry], data: QueryDict) -> Iterator[Filter]:
    language = get_language() or ""
    offered = access.organisation.languages
    if len(offered) > 1 and is_read(access, CUSTOMERS, "language"):
        names = [(code, str(name)) for code, name in settings.LANGUAGES if code in offered]
        yield Filter("language", _("Language"), data.get("language", ""), [("", _("Every language")), *names])
    for key, field in fields.items():
        label, kind = _label(field), type_of(field)
        if field["type"] in ("choice", "choices"):
            choices = [(str(one["id"]), label_in(one["label"], language)) for one in open_choices(field)]
            yield Filter(key, label, data.get(key, ""), [("", label), *choices])
        elif field["type"] == "checkbox":
            yield Filter(key, label, data.get(key, ""), [("", label), ("yes", _("Yes")), ("no", _("No"))])
        elif field["type"] in FILES:
            yield Filter(key, label, data.get(key, ""), [("", label), ("yes", _("There")), ("no", _("Missing"))])
        elif field["type"] in IN_LISTS:
            yield Filter(key, label, data.get(key, ""), [("", label), *records_offered(access, field["type"])])
        elif is_ranged(field):
            for way, words in range_words(field, label).items():
                yield Filter(f"{key}-{way}", words, data.get(f"{key}-{way}", ""), hint=range_hint(field))
        elif "contains" in kind.operators:
            yield Filter(key, label, data.get(key, ""))


def _columns(
    access: Access, listed: Sequence[FieldEntry], asked: Asked, address: str, state: dict[str, str]
) -> Iterator[Column]:
    def ordered(label: str, name: str) -> Column:
        now = asked.sort == name
        wanted = f"-{name}" if now and not asked.descending else name
        order = ("descending" if asked.descending else "ascending") if now else ""
        return Column(label, _at(address, state | {"sort": wanted}), order)

    yield ordered(_("Name"), NAME)
    if access.may_read_field(CUSTOMERS, "phone"):
        yield Column(_("Phone"))
    if is_read(access, CUSTOMERS, "email"):
        yield Column(_("E-mail address"))
    for field in listed:
        yield ordered(_label(field), key_of(field)) if type_of(field).sortable else Column(_label(field))


def _line(access: Access, customer: Customer, listed: Sequence[FieldEntry]) -> Line:
    contacts = list(customer.contacts.all())
    told = {one.key: one for one in told_fields(access, CUSTOMERS, customer.custom, "list")}
    return Line(
        customer,
        [one.value for one in contacts if one.kind == Contact.Kind.PHONE],
        [one.value for one in contacts if one.kind == Contact.Kind.EMAIL],
        [told.get(key_of(field)) for field in listed],
    )
