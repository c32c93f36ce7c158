"""Custom values of customers: written by the actions that write customers, judged by the layout, copied to be found."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from carnet.appointments.output import appointment_output
from carnet.base.errors import Invalid
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.models import Customer
from carnet.customers.output import customer_output
from carnet.customers.queries import lookup
from carnet.customisation.actions import save_layout
from carnet.customisation.actions.keeping import copies, judged
from carnet.customisation.errors import DuplicateValues
from carnet.customisation.models import FieldValue
from carnet.customisation.queries import current_layout, custom_output, draft_of, fields_of, key_of
from carnet.organisations.models import Activity
from tests.cast import Business

PLATE: dict[str, Any] = {
    "type": "text",
    "label": {"fr": "Immatriculation", "en": "Number plate"},
    "searched": True,
    "unique": True,
}
DOORS: dict[str, Any] = {"type": "number", "label": {"en": "Doors"}, "default": 5, "minimum": 2}
SIZE: dict[str, Any] = {
    "type": "choice",
    "label": {"en": "Size"},
    "required": True,
    "choices": [{"label": {"en": "Small"}}, {"label": {"en": "Large"}}],
}


def add(business: Business, *fields: dict[str, Any], module: str = "customers", name: str = "standard") -> list[str]:
    """Put fields into a layout; return the keys of the fields that it has then, of the organisation’s own."""
    access = business.access("alice")
    current = current_layout(access, module, name)
    draft = copy.deepcopy(draft_of(access, current.document))
    draft["sections"][0]["fields"] += copy.deepcopy(list(fields))
    saved = save_layout(access, module, name, draft, version=current.number)
    return [key_of(field) for field in fields_of(saved.document) if "id" in field]


def customer(business: Business, name: str = "Zoé", **custom: Any) -> Customer:
    return create_customer(business.access("bea"), NewCustomer(name, custom=custom))


def copied(record: Customer) -> list[tuple[str, Any]]:
    rows = FieldValue.objects.filter(record=record.pk).order_by("field_id", "pk")
    columns = ("text", "number", "instant", "ref")
    return [(f"f{row.field_id}", next(v for c in columns if (v := getattr(row, c)) is not None)) for row in rows]


def test_a_customer_is_created_with_values_that_are_kept_copied_and_told(salon: Business) -> None:
    plate, doors, size = add(salon, PLATE, DOORS, SIZE)
    zoe = customer(salon, **{plate: " AB-123-CD ", size: 2})
    zoe.refresh_from_db()
    assert zoe.custom == {plate: "AB-123-CD", doors: 5, size: 2}, "what was not said begins with its default"
    assert copied(zoe) == [(plate, "ab 123 cd"), (doors, 5), (size, 2)]
    assert customer_output(salon.access("bea"), zoe)["custom"] == {plate: "AB-123-CD", doors: 5, size: 2}


def test_a_required_field_that_is_skipped_is_refused_by_name_and_nothing_is_made(salon: Business) -> None:
    """(K7)"""
    _plate, doors, size = add(salon, PLATE, DOORS, SIZE)
    before = Customer.objects.count()
    for custom in (
        {},
        {size: ""},
        {size: 9},
        {size: 1, doors: 1},
        {size: 1, "f999999": "x"},
        {size: 1, "__class__": "x"},
    ):
        with pytest.raises(Invalid) as caught:
            customer(salon, **custom)
        assert len(caught.value.errors) == 1
    assert Customer.objects.count() == before
    assert not FieldValue.objects.exists()


def test_values_are_refused_where_the_organisation_has_no_fields(salon: Business) -> None:
    """(G3)"""
    with pytest.raises(Invalid):
        customer(salon, f1="x")


def test_an_edit_changes_what_it_says_and_leaves_the_rest(salon: Business) -> None:
    plate, doors, size = add(salon, PLATE, DOORS, SIZE)
    zoe = customer(salon, **{plate: "AB-123-CD", size: 2})
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé B."))
    zoe.refresh_from_db()
    assert zoe.custom == {plate: "AB-123-CD", doors: 5, size: 2}
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé B.", custom={doors: 3, plate: ""}))
    zoe.refresh_from_db()
    assert zoe.custom == {doors: 3, size: 2}
    assert copied(zoe) == [(doors, 3), (size, 2)]
    edited = Activity.objects.filter(kind="customer.edited").order_by("-pk")[0]
    assert edited.changes == {doors: [5, 3], plate: ["AB-123-CD", None]}


def test_a_field_made_required_leaves_old_records_alone_until_their_form_is_sent(salon: Business) -> None:
    """(C10)"""
    (plate,) = add(salon, PLATE)
    zoe = customer(salon, **{plate: "AB-123-CD"})
    _plate, size = add(salon, SIZE)
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé B."))
    with pytest.raises(Invalid) as caught:
        edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé C.", custom={plate: "AB-123-CD"}))
    assert list(caught.value.errors) == [size]
    zoe.refresh_from_db()
    assert (zoe.name, zoe.custom) == ("Zoé B.", {plate: "AB-123-CD"})


def test_what_a_removed_field_holds_stays_and_returns_with_it(salon: Business) -> None:
    """(C7)"""
    plate, doors = add(salon, PLATE, DOORS)
    zoe = customer(salon, **{plate: "AB-123-CD"})
    access = salon.access("alice")
    draft = draft_of(access, current_layout(access, "customers").document)
    removed = draft["sections"][0]["fields"].pop(-2)
    draft["removed"].append(removed)
    save_layout(access, "customers", "standard", draft, version=1)
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={doors: 3}))
    zoe.refresh_from_db()
    assert zoe.custom == {plate: "AB-123-CD", doors: 3}
    assert customer_output(salon.access("bea"), zoe)["custom"] == {doors: 3}
    with pytest.raises(Invalid):
        edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={plate: "x"}))
    draft = draft_of(access, current_layout(access, "customers").document)
    draft["sections"][0]["fields"].append(draft["removed"].pop())
    save_layout(access, "customers", "standard", draft, version=2)
    assert customer_output(salon.access("bea"), zoe)["custom"] == {plate: "AB-123-CD", doors: 3}


def test_what_is_held_may_be_sent_back_whatever_the_field_takes_now(salon: Business) -> None:
    """(C9)"""
    doors, size = add(salon, DOORS, SIZE)
    zoe = customer(salon, **{doors: 3, size: 1})
    access = salon.access("alice")
    draft = draft_of(access, current_layout(access, "customers").document)
    draft["sections"][0]["fields"][-2]["minimum"] = 4
    draft["sections"][0]["fields"][-1]["choices"][0]["archived"] = True
    save_layout(access, "customers", "standard", draft, version=1)
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={doors: 3, size: 1}))
    with pytest.raises(Invalid) as caught:
        edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={doors: 2, size: 1}))
    assert list(caught.value.errors) == [doors]
    zoe.refresh_from_db()
    assert zoe.custom == {doors: 3, size: 1}


@pytest.mark.parametrize("typed", ["AB-123-CD", "ab 123 cd", "ab123cd", "b123c"])
def test_the_lookup_finds_a_customer_by_the_number_plate_however_it_is_typed(salon: Business, typed: str) -> None:
    (plate,) = add(salon, PLATE)
    zoe = customer(salon, **{plate: "AB-123-CD"})
    customer(salon, "Yves", **{plate: "XY-987-ZZ"})
    assert list(lookup(salon.access("bea"), typed)) == [zoe]
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={plate: ""}))
    assert list(lookup(salon.access("bea"), typed)) == []


def test_what_is_unique_is_held_by_one_customer_only(salon: Business) -> None:
    (plate,) = add(salon, PLATE)
    zoe = customer(salon, **{plate: "AB-123-CD"})
    with pytest.raises(Invalid) as caught:
        customer(salon, "Yves", **{plate: "ab 123 cd"})
    assert list(caught.value.errors) == [plate]
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={plate: ""}))
    customer(salon, "Yves", **{plate: "ab 123 cd"})


def test_a_field_is_made_unique_only_if_no_two_records_hold_the_same(salon: Business) -> None:
    (plate,) = add(salon, {**PLATE, "unique": False})
    zoe = customer(salon, **{plate: "AB-123-CD"})
    customer(salon, "Yves", **{plate: "ab 123 cd"})
    access = salon.access("alice")

    def unique(wanted: bool) -> None:
        current = current_layout(access, "customers")
        draft = draft_of(access, current.document)
        draft["sections"][0]["fields"][-1]["unique"] = wanted
        save_layout(access, "customers", "standard", draft, version=current.number)

    with pytest.raises(DuplicateValues):
        unique(True)
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={plate: "ZZ-999-ZZ"}))
    unique(True)
    with pytest.raises(Invalid):
        edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={plate: "AB 123 CD"}))
    unique(False)
    edit_customer(salon.access("bea"), zoe, NewCustomer("Zoé", custom={plate: "AB 123 CD"}))


def test_an_organisation_without_fields_of_its_own_pays_no_statement(
    salon: Business, django_assert_num_queries: Any
) -> None:
    access = salon.access("bea")
    with django_assert_num_queries(0):
        assert judged(access, "customers", None) == {}
        assert copies(access, "customers", {}) == []
        assert custom_output(access, "customers", {}) == {}


def test_a_visit_is_booked_with_the_answers_to_what_its_layout_asks(salon: Business) -> None:
    """(K7)"""
    car, size = add(salon, {"type": "text", "label": {"en": "Car"}}, SIZE, module="appointments", name="create")
    with pytest.raises(Invalid) as caught:
        salon.book(custom={car: "Clio"})
    assert list(caught.value.errors) == [size]
    with pytest.raises(Invalid):
        salon.book()
    asked = salon.book(custom={car: "Clio", size: 2})
    anyone = salon.book(member=None, custom={size: 1}, at="11:00")
    for visit, kept in ((asked, {car: "Clio", size: 2}), (anyone, {size: 1})):
        visit.refresh_from_db()
        assert visit.custom == kept
        assert appointment_output(salon.access("bea"), visit)["custom"] == kept
    rows = FieldValue.objects.filter(field_id=int(size[1:])).order_by("record").values_list("record", "ref")
    assert list(rows) == [(asked.pk, 2), (anyone.pk, 1)]


def test_a_booking_costs_no_statement_more_while_visits_have_no_fields_of_their_own(salon: Business) -> None:
    salon.book(at="09:00")
    with CaptureQueriesContext(connection) as before:
        salon.book(at="10:00")
    add(salon, PLATE)
    salon.book(at="11:00")
    with CaptureQueriesContext(connection) as after:
        salon.book(at="12:00")
    assert len(after) == len(before)
    assert not [
        query
        for query in before
        if any(table in (query["sql"] or "") for table in ("customisation_layout", "fieldvalue"))
    ]
