"""Rows that belong together are written with the ids of one another, as if they had been saved one by one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from carnet.base.constraints import violated
from carnet.base.inserting import Naming, NewRows, new_row
from carnet.organisations.activity import entry
from carnet.organisations.models import Activity, Profile, Role
from tests.cast import Business


def roles(business: Business) -> tuple[Role, Role]:
    """Return a role and one below it, neither of them written."""
    upper = Role(organisation=business.organisation, name="Upper")
    return upper, Role(organisation=business.organisation, name="Lower", parent=upper)


def test_a_row_made_quickly_is_the_row_that_its_model_makes(salon: Business) -> None:
    """Whatever is said of it or left unsaid: the same values, the same records known, only the ids of its own."""
    said: list[tuple[type[Model], dict[str, Any]]] = [
        (Role, {"organisation": salon.organisation, "name": "Upper", "parent": None}),
        (Profile, {"organisation": salon.organisation, "name": "Twin"}),
        (Activity, {"organisation_id": salon.organisation.pk, "kind": "role.added", "member": salon.members["lea"]}),
    ]
    for model, values in said:
        quick, plain = new_row(model, **values), model(**values)
        theirs = {name: value for name, value in vars(plain).items() if name not in ("_state", "public_id")}
        assert {name: vars(quick)[name] for name in theirs} == theirs
        assert vars(quick).keys() == vars(plain).keys()
        assert quick._state.fields_cache == plain._state.fields_cache
        assert quick._state.adding
    with pytest.raises(TypeError, match="nickname"):
        new_row(Role, nickname="Boss")


def test_a_row_names_another_that_is_written_with_it(salon: Business) -> None:
    upper, lower = roles(salon)
    said = entry(salon.system, "role.added", lower)
    NewRows([upper, lower, said], [Naming(said, "subject_id", lower)]).write()
    assert (lower.parent_id, lower.parent, said.subject_id) == (upper.pk, upper, lower.pk)
    read = Role.objects.get(pk=lower.pk)
    assert (read.name, read.parent) == ("Lower", upper)
    assert Activity.objects.get(pk=said.pk).subject_id == lower.pk


def test_what_was_not_written_is_written_with_new_ids_at_the_next_try(salon: Business) -> None:
    """`@repeatable` gives the same rows once more; whose id stands in them then is that of the try that lasted."""
    upper, lower = roles(salon)
    said = entry(salon.system, "role.added", lower)
    rows = NewRows([upper, lower, said], [Naming(said, "subject_id", lower)])
    with transaction.atomic():
        rows.write()
        transaction.set_rollback(True)
    Role.objects.create(organisation=salon.organisation, name="Takes the id of the first try")
    rows.write()
    assert Role.objects.get(name="Lower").parent == Role.objects.get(name="Upper")
    assert Activity.objects.get(pk=said.pk).subject_id == lower.pk


def test_what_the_database_refuses_is_refused_whole(salon: Business) -> None:
    upper, lower = roles(salon)
    known = Profile.objects.get(key="provider")
    twin = Profile(organisation=salon.organisation, public_id=known.public_id, name="Twin")
    before = Role.objects.count()
    rows = NewRows([upper, lower, twin])
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.write()
    assert Role.objects.count() == before


def test_a_booking_is_written_by_one_statement_where_that_is_possible(salon: Business) -> None:
    salon.book("haircut", "09:00")
    written: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        if "INSERT INTO" in sql:
            written.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        salon.book("haircut", "10:00")
    assert len(written) == (6 if connection.vendor == "sqlite" else 1)


def test_an_overlap_among_rows_written_together_is_named(salon: Business) -> None:
    """(A1) The name is what turns the database's refusal into "taken"."""
    from carnet.appointments.models import Claim

    visit = salon.book("haircut", "10:00")
    claim = Claim.objects.get(segment__appointment=visit)
    own = {"organisation": salon.organisation, "segment": claim.segment, "resource": claim.resource}
    waits = (timedelta(hours=2), timedelta(hours=2, minutes=30))
    later = [Claim(starts_at=claim.starts_at + wait, ends_at=claim.ends_at + wait, **own) for wait in waits]
    rows = NewRows(later)
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        rows.write()
    assert violated(refused.value) == "claim_no_overlap"
    assert Claim.objects.count() == 1
