"""Fields of one's own under the rights of profiles: hidden they are nowhere, read-only nobody writes them."""

from __future__ import annotations

from typing import Any

import pytest

from carnet.base.errors import Invalid
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.models import Customer
from carnet.customers.output import customer_output
from carnet.customisation.models import FieldValue
from carnet.customisation.queries import custom_output
from carnet.organisations.actions import issue_token
from carnet.organisations.errors import FieldRefused
from carnet.organisations.models import Activity, FieldRight
from tests.api.conftest import Program
from tests.cast import Business
from tests.customisation.test_custom_values import DOORS, PLATE, SIZE, add, customer
from tests.organisations.test_field_rights import HIDDEN, READ_ONLY, hide

RIGHTS = [HIDDEN, READ_ONLY]


def state() -> list[Any]:
    return [list(table.objects.order_by("pk").values()) for table in (Customer, FieldValue, Activity)]


@pytest.mark.parametrize("right", RIGHTS)
def test_a_field_that_a_profile_may_not_edit_is_refused_and_nothing_changes(salon: Business, right: str) -> None:
    """(I9, I10, K7)"""
    plate, doors = add(salon, PLATE, DOORS)
    zoe = customer(salon, **{plate: "AB-123-CD"})
    hide(salon, ("customers", plate), right=right)
    before = state()
    for sent in ({plate: "ZZ-999-ZZ"}, {plate: ""}, {plate: "ZZ-999-ZZ", doors: 3}):
        with pytest.raises(FieldRefused):
            edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom=sent))
        with pytest.raises(FieldRefused):
            create_customer(salon.access("bea"), NewCustomer("Yves", custom=sent))
    assert state() == before
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={doors: 3}))
    zoe.refresh_from_db()
    assert zoe.custom == {plate: "AB-123-CD", doors: 3}, "what it may not edit stays"


@pytest.mark.parametrize("right", RIGHTS)
def test_what_somebody_may_not_fill_in_is_not_demanded_of_them(salon: Business, right: str) -> None:
    (size,) = add(salon, SIZE)
    with pytest.raises(Invalid):
        create_customer(salon.access("bea"), NewCustomer("Zoé", custom={}))
    hide(salon, ("customers", size), right=right)
    zoe = create_customer(salon.access("bea"), NewCustomer("Zoé", custom={}))
    assert zoe.custom == {}
    with pytest.raises(Invalid):
        create_customer(salon.access("alice"), NewCustomer("Yves", custom={}))


def test_a_hidden_field_is_told_to_no_program_neither_its_value_nor_that_it_exists(salon: Business) -> None:
    """(I9, F7)"""
    plate, doors = add(salon, PLATE, DOORS)
    zoe = customer(salon, **{plate: "AB-123-CD"})
    program = Program(salon, issue_token(salon.system, salon.members["bea"]))

    def told_of(reader: str) -> Any:
        # Read anew: what was shown to somebody has lost what is hidden from them.
        return customer_output(salon.access(reader), Customer.objects.get(pk=zoe.pk))["custom"]

    for right in RIGHTS[::-1]:
        hide(salon, ("customers", plate), right=right)
        told = told_of("bea")
        read = program.get(f"customers/{zoe.public_id}")
        layout = program.get("layouts/customers")
        if right == READ_ONLY:
            assert told == {plate: "AB-123-CD", doors: 5}
            assert read.json()["custom"] == told
            assert "Number plate" in layout.content.decode()
    assert told == read.json()["custom"] == {doors: 5}
    for answer in (read, layout):
        text = answer.content.decode()
        assert not [word for word in ("AB-123-CD", "Number plate", f'"{plate}"') if word in text]
    assert told_of("alice")[plate] == "AB-123-CD"
    assert FieldRight.objects.filter(field=plate).exists()


def test_values_are_told_without_those_that_are_hidden_whatever_record_they_are_of(salon: Business) -> None:
    """(I9)"""
    plate, doors = add(salon, PLATE, DOORS)
    held = {plate: "AB-123-CD", doors: 3}
    assert custom_output(salon.access("bea"), "customers", held) == held
    hide(salon, ("customers", plate))
    assert custom_output(salon.access("bea"), "customers", held) == {doors: 3}
