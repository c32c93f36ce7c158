"""Layouts: fields of an organisation's own in a long list and in a long form.

`python -m benchmarks.layouts FIELDS` gives the customers of W a pick list and a number, lays out a cancellation of
FIELDS fields, and prints the keys and how the owner comes in.
"""

from __future__ import annotations

import copy
import json
import os
import sys
from typing import Any

from benchmarks.filling import analyse, signed_in

#: Choices of the pick list: one in so many customers is found by it.
CHOICES = 10
_TYPES = ("text", "number", "date", "checkbox", "choice", "money", "paragraph", "phone")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    import django

    django.setup()
    print(json.dumps(fill(int(sys.argv[1]))))


def fill(fields: int) -> dict[str, str]:
    from carnet.appointments.models import Appointment, Status
    from carnet.base.scopes import open_organisation, scopes_disabled
    from carnet.organisations.access import Access
    from carnet.organisations.models import Member, User

    with scopes_disabled():
        owner = Member.objects.select_related("organisation", "profile", "role").get(name="Owner")
    access = Access.for_member(owner)
    with open_organisation(owner.organisation):
        if owner.user is None:
            owner.user = User.objects.create_user("layouts@w.example", language="fr")
            owner.save(update_fields=["user"])
        size = _entry("choice", "Size", [{"label": {"fr": f"Taille {number}"}} for number in range(CHOICES)])
        keys = _laid_out(access, "customers", "standard", [size, _entry("number", "Weight")])
        _write(keys)
        long = [_entry(_TYPES[number % len(_TYPES)], f"Field {number}") for number in range(fields)]
        _laid_out(access, "appointments", "cancel", long)
        visit = Appointment.objects.filter(status=Status.SCHEDULED, starts_at__gt=access.now).first()
        assert visit is not None
        found = {
            "session": signed_in(owner.user),
            "size": keys[0],
            "weight": keys[1],
            "visit": str(visit.public_id),
        }
    analyse()
    return found


def _entry(kind: str, label: str, choices: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    entry: dict[str, Any] = {"type": kind, "label": {"fr": label}, "shows": ["form", "page", "list"]}
    if kind == "choice":
        entry["choices"] = choices or [{"label": {"fr": one}} for one in ("A", "B", "C")]
    return entry


def _laid_out(access: Any, module: str, name: str, entries: list[dict[str, Any]]) -> list[str]:
    from carnet.customisation.actions import save_layout
    from carnet.customisation.queries import current_layout, draft_of, fields_of, key_of

    current = current_layout(access, module, name)
    draft = copy.deepcopy(draft_of(access, current.document))
    draft["sections"][0]["fields"] += entries
    saved = save_layout(access, module, name, draft, version=current.number)
    return [key_of(field) for field in fields_of(saved.document) if "id" in field]


def _write(keys: list[str]) -> None:
    """Give every customer a size and a weight, as the actions leave them: the record's own and the copies."""
    from django.db import connection, transaction

    from carnet.customers.models import Customer
    from carnet.customisation.models import FieldValue

    size, weight = f"id % {CHOICES} + 1", "id * 7919 % 100003"
    customers, values = Customer._meta.db_table, FieldValue._meta.db_table
    cast = "::jsonb" if connection.vendor == "postgresql" else ""
    said = f"""('{{"{keys[0]}": ' || ({size}) || ', "{keys[1]}": ' || ({weight}) || '}}'){cast}"""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {customers} SET custom = {said}")
        for key, column, value in ((keys[0], "ref", size), (keys[1], "number", weight)):
            cursor.execute(
                f"INSERT INTO {values} (organisation_id, field_id, record, {column}) "
                f"SELECT organisation_id, {key[1:]}, id, {value} FROM {customers}"
            )


if __name__ == "__main__":
    main()
