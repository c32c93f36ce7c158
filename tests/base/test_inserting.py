"""Rows that belong together are written with the ids of one another, as if they had been saved one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from carnet.base.constraints import violated
from carnet.base.inserting import Naming, insert_together
from carnet.organisations.activity import entry
from carnet.organisations.models import Activity, Profile, Role
from tests.cast import Business


def roles(business: Business) -> tuple[Role, Role]:
    """Return a role and one below it, neither of them written."""
    upper = Role(organisation=business.organisation, name="Upper")
    return upper, Role(organisation=business.organisation, name="Lower", parent=upper)


def test_a_row_names_another_that_is_written_with_it(salon: Business) -> None:
    upper, lower = roles(salon)
    said = entry(salon.system, "role.added", lower)
    insert_together([upper, lower, said], [Naming(said, "subject_id", lower)])
    assert (lower.parent_id, lower.parent, said.subject_id) == (upper.pk, upper, lower.pk)
    read = Role.objects.get(pk=lower.pk)
    assert (read.name, read.parent) == ("Lower", upper)
    assert Activity.objects.get(pk=said.pk).subject_id == lower.pk


def test_what_was_not_written_is_written_with_new_ids_at_the_next_try(salon: Business) -> None:
    """`@repeatable` gives the same rows once more; whose id stands in them then is that of the try that lasted."""
    upper, lower = roles(salon)
    said = entry(salon.system, "role.added", lower)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        insert_together([upper, lower, said], [Naming(said, "subject_id", lower)])
        raise ZeroDivisionError
    Role.objects.create(organisation=salon.organisation, name="Takes the id of the first try")
    insert_together([upper, lower, said], [Naming(said, "subject_id", lower)])
    assert Role.objects.get(name="Lower").parent == Role.objects.get(name="Upper")
    assert Activity.objects.get(pk=said.pk).subject_id == lower.pk


def test_what_the_database_refuses_is_refused_whole(salon: Business) -> None:
    upper, lower = roles(salon)
    upper.organisation_id = lower.organisation_id = salon.organisation.pk
    known = Profile.objects.get(key="provider")
    twin = Profile(organisation=salon.organisation, public_id=known.public_id, name="Twin")
    before = Role.objects.count()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_together([upper, lower, twin])
    assert Role.objects.count() == before


def test_a_booking_is_written_by_one_statement_where_that_is_possible(salon: Business) -> None:
    salon.book("haircut", "09:00")
    with CaptureQueriesContext(connection) as statements:
        salon.book("haircut", "10:00")
    written = [query["sql"] for query in statements if "INSERT INTO" in query["sql"]]
    assert len(written) == (6 if connection.vendor == "sqlite" else 1)


def test_an_overlap_among_rows_written_together_is_named(salon: Business) -> None:
    """(A1) The name is what turns the database's refusal into "taken"."""
    from carnet.appointments.models import Claim

    visit = salon.book("haircut", "10:00")
    claim = Claim.objects.get(segment__appointment=visit)
    own = {"organisation": salon.organisation, "segment": claim.segment, "resource": claim.resource}
    later = [
        Claim(
            starts_at=claim.starts_at + timedelta(hours=2, minutes=minutes),
            ends_at=claim.ends_at + timedelta(hours=3),
            **own,
        )
        for minutes in (0, 30)
    ]
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        insert_together(later)
    assert violated(refused.value) == "claim_no_overlap"
    assert Claim.objects.count() == 1
