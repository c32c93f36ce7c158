"""Visibility: what a list costs whom the tree of roles lets see a part, beside whom nothing is hidden from.

`python -m benchmarks.visibility VISITS` writes the tree, the owners and a long past into the product's
database, and prints how the two who look at it come in.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import Any

from benchmarks.filling import analyse, copied_column, signed_in

#: People in the roles below the one who looks, and beside it.
BELOW, BESIDE = 200, 20


@dataclass(frozen=True)
class Looking:
    """How the two come in: by session and by token."""

    chief_session: str
    chief_token: str
    owner_session: str
    owner_token: str


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "carnet.settings"
    import django

    django.setup()
    print(json.dumps(vars(fill(int(sys.argv[1])))))


def fill(visits: int) -> Looking:
    from carnet.base.scopes import open_organisation, scopes_disabled
    from carnet.organisations.access import Access
    from carnet.organisations.actions import add_member, add_role, issue_token
    from carnet.organisations.models import Member, Profile, User
    from carnet.organisations.permissions import PERMISSIONS

    with scopes_disabled():
        owner = Member.objects.select_related("organisation", "profile", "role").get(name="Owner")
    access = Access.for_member(owner)
    with open_organisation(owner.organisation):
        profile = Profile.objects.create(
            organisation=owner.organisation, name="Chief", permissions=list(PERMISSIONS), reach=Profile.Reach.ROLE
        )
        provider = Profile.objects.get(key="provider")
        top = add_role(access, "Chiefs")
        below = [add_role(access, f"Below {number}", parent=top) for number in range(20)]
        beside = add_role(access, "Beside")
        user = User.objects.create_user("chief@w.example", language="fr")
        chief = add_member(access, "Chief", profile=profile, role=top, user=user)
        owner.user = User.objects.create_user("owner@w.example", language="fr")
        owner.save(update_fields=["user"])
        people = [
            add_member(
                access, f"Person {number}", profile=provider, role=below[number % 20] if number < BELOW else beside
            )
            for number in range(BELOW + BESIDE)
        ]
        # Half of those who provide services are out of sight.
        providers = list(Member.objects.filter(name__startswith="Member ").order_by("pk"))
        for number, member in enumerate(providers):
            member.role = below[number % 20] if number % 2 else beside
            member.save(update_fields=["role"])
        _write(visits, [person.pk for person in people])
        looking = Looking(
            signed_in(user), issue_token(access, chief), signed_in(owner.user), issue_token(access, owner)
        )
    analyse()
    return looking


def _write(visits: int, owners: list[int]) -> None:
    """Give every customer and visit an owner, the visits a past of `visits` in all, and each a line of activity."""
    from django.db import connection, transaction

    from carnet.appointments.models import Appointment, Segment, SegmentMember
    from carnet.customers.models import Customer
    from carnet.organisations.models import Activity

    customer, appointment = Customer._meta.db_table, Appointment._meta.db_table
    rows = Appointment.objects.count()
    case = " ".join(f"WHEN {number} THEN {pk}" for number, pk in enumerate(owners))
    owned = f"CASE (id * 7919) % {len(owners)} {case} END"
    with transaction.atomic(), connection.cursor() as cursor:
        largest = Appointment.objects.order_by("-pk").values_list("pk", flat=True)[0]
        apart = 10 ** len(str(largest))
        for copy in range(1, (visits - rows) // rows + 2):
            for model in (Appointment, Segment, SegmentMember):
                _copy(cursor, model, copy, apart)
        cursor.execute(f"UPDATE {customer} SET owner_id = {owned}")
        cursor.execute(f"UPDATE {appointment} SET owner_id = {owned}")
        columns = "organisation_id, at, kind, actor_kind, actor, subject_kind, subject_id, changes, door, address"
        for table, kind, said in (
            (customer, "customer", "customer.created"),
            (appointment, "appointment", "appointment.booked"),
        ):
            cursor.execute(
                f"INSERT INTO {Activity._meta.db_table} ({columns}) "
                f"SELECT organisation_id, created_at, '{said}', 'member', 'Desk', '{kind}', id, '{{}}', '', '' "
                f"FROM {table} WHERE id % 10 = 0"
            )
        if connection.vendor == "postgresql":
            for model in (Appointment, Segment, SegmentMember):
                table = model._meta.db_table
                cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), max(id)) FROM {table}", [table])


def _copy(cursor: Any, model: Any, copy: int, apart: int) -> None:
    """Copy the first visits whole into a time of their own, thirteen weeks before the copy before."""
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    values = []
    for field in model._meta.concrete_fields:
        if field.primary_key or field.column in ("appointment_id", "segment_id"):
            values.append(f'"{field.column}" + {copy * apart}')
        else:
            values.append(copied_column(field, copy))
    cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {', '.join(values)} FROM {table} WHERE id < {apart}")


if __name__ == "__main__":
    main()
