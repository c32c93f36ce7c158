"""A field is converted: a new one takes its place with all that converts, and nothing that was typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from carnet.appointments.actions import cancel_appointment, undo_ending
from carnet.appointments.models import Appointment
from carnet.base.errors import Hidden
from carnet.customers.actions import NewCustomer, create_customer, edit_customer
from carnet.customers.models import Customer
from carnet.customers.queries import lookup
from carnet.customisation.actions import convert_field, save_layout
from carnet.customisation.actions.copying import copy_converted
from carnet.customisation.conversions import left_behind, left_by, preview_of, proposed_choices
from carnet.customisation.converting import TARGETS, Wanted
from carnet.customisation.errors import LayoutChanged, LayoutRefused
from carnet.customisation.finding import filtered, findable_fields
from carnet.customisation.models import Conversion, FieldValue
from carnet.customisation.queries import current_layout, draft_of, fields_of, key_of
from carnet.customisation.types import TYPES, Setting, type_of
from carnet.organisations.actions import set_field_rights
from carnet.organisations.errors import FieldRefused
from carnet.organisations.fields import HIDDEN
from carnet.organisations.models import Activity, Profile
from tests.cast import Business
from tests.laid_out import add_fields, text

DOORS = ("3", " 5 ", "cinq", "12,5", "")


def lay_out(business: Business, *fields: dict[str, Any], module: str = "customers", name: str = "standard") -> str:
    return add_fields(business, *fields, module=module, name=name)[-1]


def filled(business: Business, key: str, *values: Any) -> list[Customer]:
    access = business.access("bea")
    return [create_customer(access, NewCustomer(f"C{at}", custom={key: one})) for at, one in enumerate(values)]


def entry(business: Business, key: str, module: str = "customers", name: str = "standard") -> Any:
    document = current_layout(business.access("alice"), module, name).document
    return next(field for field in fields_of(document) if key_of(field) == key)


def convert(
    business: Business, key: str, wanted: Wanted, module: str = "customers", name: str = "standard", by: str = "alice"
) -> tuple[Conversion, str]:
    access = business.access(by)
    number = current_layout(access, module, name).number
    done = convert_field(access, module, name, key, wanted, version=number)
    return done, f"f{done.target_id}"


def held(records: list[Customer], key: str) -> list[Any]:
    return [Customer.objects.get(pk=one.pk).custom.get(key) for one in records]


def test_what_reads_as_a_number_is_copied_and_what_does_not_stays_where_it_is(salon: Business) -> None:
    """(C8)"""
    fields = (text("Plate"), text("Doors", shows=["form", "list"]), text("Colour"))
    _plate, doors, _colour = add_fields(salon, *fields)
    people = filled(salon, doors, *DOORS)
    before = held(people, doors)
    done, new = convert(salon, doors, Wanted("number"))
    assert held(people, new) == [3, 5, None, None, None]
    assert held(people, doors) == before, "what was typed stays"
    assert (done.of_records, done.looked_at, done.copied) == (4, 4, 2)
    labels = [field["label"].get("en") for field in custom_of(salon)]
    assert labels == ["Plate", "Doors", "Colour"], "the new field stands where the old one stood"
    assert entry(salon, new)["shows"] == ["form", "list"]
    tray = current_layout(salon.access("alice"), "customers").document["removed"]
    assert [key_of(one) for one in tray] == [doors]
    with translation.override("en"):
        left = [(one.record.name, one.text, one.why) for one in left_behind(salon.access("alice"), done)]
    assert left == [
        ("C2", "cinq", "This must be a number."),
        ("C3", "12,5", "This must be a whole number."),
    ]


def custom_of(business: Business, module: str = "customers", name: str = "standard") -> list[Any]:
    document = current_layout(business.access("alice"), module, name).document
    return [field for field in fields_of(document) if "id" in field]


def test_the_preview_says_what_the_conversion_then_does(salon: Business) -> None:
    """(C8)"""
    doors = lay_out(salon, text("Doors"))
    filled(salon, doors, *DOORS)
    access = salon.access("alice")
    wanted = Wanted("number", decimals=1)
    with translation.override("en"):
        preview = preview_of(access, "customers", entry(salon, doors), wanted)
        assert (preview.holding, preview.converting, preview.left, preview.more) == (4, 3, 1, False)
        assert preview.examples == [("3", "3.0"), ("5", "5.0"), ("12,5", "12.5")]
        assert [one.text for one in left_by(access, "customers", entry(salon, doors), wanted)] == ["cinq"]
    done, new = convert(salon, doors, wanted)
    assert done.copied == preview.converting
    assert held(list(Customer.objects.filter(name="C3")), new) == [125]


def test_a_line_of_text_becomes_a_pick_list_of_what_was_typed(salon: Business) -> None:
    """(C8, C9)"""
    car = lay_out(salon, text("Car"))
    people = filled(salon, car, "Clio", "clio ", "Mégane", "Clio", "Twingo")
    access = salon.access("alice")
    assert proposed_choices(access, "customers", entry(salon, car), "choice") == (["Clio", "Mégane", "Twingo"], False)
    done, new = convert(salon, car, Wanted("choice", choices=("Clio", "Mégane")))
    assert held(people, new) == [1, 1, 2, 1, None]
    assert [choice["label"] for choice in entry(salon, new)["choices"]] == [
        {"fr": "Clio", "en": "Clio"},
        {"fr": "Mégane", "en": "Mégane"},
    ]
    assert [one.text for one in left_behind(access, done)] == ["Twingo"]
    access = salon.access("bea")
    field = findable_fields(access, "customers")[new]
    found = filtered(Customer.objects.all(), access, "customers", field, "is", "1")
    assert sorted(found.values_list("name", flat=True)) == ["C0", "C1", "C3"]


def test_several_choices_are_read_from_commas(salon: Business) -> None:
    key = lay_out(salon, text("Extras"))
    people = filled(salon, key, "wax, polish", "Polish;wax", "wax, rims")
    choices, _more = proposed_choices(salon.access("alice"), "customers", entry(salon, key), "choices")
    assert sorted(choices) == ["polish", "rims", "wax"]
    _done, new = convert(salon, key, Wanted("choices", choices=("wax", "polish")))
    assert held(people, new) == [[1, 2], [1, 2], None]


def test_a_pick_list_becomes_one_of_several_and_text(salon: Business) -> None:
    """(C9)"""
    key = lay_out(
        salon,
        {
            "type": "choice",
            "label": {"en": "Size"},
            "choices": [{"label": {"fr": "Petit"}}, {"label": {"fr": "Grand"}}],
        },
    )
    people = filled(salon, key, 2, 1)
    _done, several = convert(salon, key, Wanted("choices"))
    assert held(people, several) == [[2], [1]]
    _done, words = convert(salon, several, Wanted("text"))
    assert held(people, words) == ["Grand", "Petit"]


@pytest.mark.parametrize(
    ("source", "value", "wanted", "kept"),
    [
        ({"type": "paragraph"}, "one\ntwo", Wanted("text"), None),
        ({"type": "paragraph"}, "one", Wanted("text"), "one"),
        ({"type": "text"}, "12,50 €", Wanted("money"), 1250),
        ({"type": "text"}, "20 %", Wanted("percent"), 20),
        ({"type": "text"}, "27/11/2026", Wanted("date"), "2026-11-27"),
        ({"type": "text"}, "31/02/2026", Wanted("date"), None),
        ({"type": "text"}, "27/11/2026 14:30", Wanted("moment"), "2026-11-27T13:30Z"),
        ({"type": "text"}, "Oui", Wanted("checkbox"), True),
        ({"type": "text"}, "perhaps", Wanted("checkbox"), None),
        ({"type": "text"}, "06 12 34 56 78", Wanted("phone"), "06 12 34 56 78"),
        ({"type": "text"}, "ana@mail.example", Wanted("email"), "ana@mail.example"),
        ({"type": "text"}, "ana", Wanted("email"), None),
        ({"type": "number", "decimals": 1}, "2,5", Wanted("number", decimals=3), 2500),
        ({"type": "number", "decimals": 1}, "2,5", Wanted("number"), None),
        ({"type": "number"}, "7", Wanted("money"), 700),
        ({"type": "number", "decimals": 1}, "2,5", Wanted("text"), "2,5"),
        ({"type": "date"}, "2026-11-27", Wanted("text"), "27/11/2026"),
        ({"type": "checkbox"}, True, Wanted("text"), "Oui"),
    ],
)
def test_each_value_is_read_as_if_it_were_typed_or_stays(
    salon: Business, source: dict[str, Any], value: Any, wanted: Wanted, kept: Any
) -> None:
    """(C8)"""
    key = lay_out(salon, {"label": {"fr": "Champ"}, **source})
    people = filled(salon, key, value)
    before = held(people, key)
    with translation.override("fr"):
        _done, new = convert(salon, key, wanted)
    found = held(people, new)[0]
    assert (found[:16] + "Z" if wanted.type == "moment" else found) == kept
    assert held(people, key) == before


def test_a_field_that_looks_up_or_adds_up_is_not_converted() -> None:
    assert not {"customer", "service", "member", "checklist", "lines", "total"} & set(TARGETS)
    assert {*TARGETS, *(one for targets in TARGETS.values() for one in targets)} <= set(TYPES)


def test_what_makes_no_sense_is_refused_and_changes_nothing(salon: Business) -> None:
    key = lay_out(salon, text("Car"))
    number = current_layout(salon.access("alice"), "customers").number
    for wanted in (Wanted("lines"), Wanted("text"), Wanted("nothing"), Wanted("choice"), Wanted("number", decimals=9)):
        with pytest.raises(LayoutRefused):
            convert(salon, key, wanted)
    with pytest.raises(LayoutRefused):
        convert(salon, "f0", Wanted("number"))
    assert current_layout(salon.access("alice"), "customers").number == number
    assert not Conversion.objects.exists()


def test_a_field_that_a_rule_asks_is_not_taken_from_under_it(salon: Business) -> None:
    key = lay_out(salon, text("Car"))
    lay_out(salon, text("Why", shown_if=f"{key} is not empty"))
    with pytest.raises(LayoutRefused):
        convert(salon, key, Wanted("number"))
    assert not Conversion.objects.exists()


def test_who_looked_at_an_older_layout_converts_nothing(salon: Business) -> None:
    """(C8)"""
    key = lay_out(salon, text("Car"))
    number = current_layout(salon.access("alice"), "customers").number
    lay_out(salon, text("Other"))
    with pytest.raises(LayoutChanged):
        convert_field(salon.access("alice"), "customers", "standard", key, Wanted("number"), version=number)


def test_only_who_arranges_layouts_converts(salon: Business) -> None:
    key = lay_out(salon, text("Car"))
    with pytest.raises(Hidden):
        convert(salon, key, Wanted("number"), by="bea")


def test_the_new_field_is_hidden_from_whom_the_old_one_was(salon: Business) -> None:
    key = lay_out(salon, text("Car"))
    filled(salon, key, "3")
    desk = Profile.objects.get(key="front_desk")
    set_field_rights(salon.access("alice"), desk, {("customers", key): HIDDEN})
    _done, new = convert(salon, key, Wanted("number"))
    assert not salon.access("bea").may_read_field("customers", new)
    assert new not in findable_fields(salon.access("bea"), "customers")
    with pytest.raises(FieldRefused):
        salon.access("bea").require_fields("customers", [new])


def test_many_are_copied_by_the_worker_in_steps_and_what_was_filled_in_meanwhile_stays(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(C8)"""
    monkeypatch.setattr("carnet.customisation.actions.conversion.AT_ONCE", 2)
    monkeypatch.setattr("carnet.customisation.actions.copying.BATCH", 2)
    monkeypatch.setattr("carnet.customisation.actions.copying.STEPS", 1)
    key = lay_out(salon, text("Doors"))
    people = filled(salon, key, "1", "2", "3", "4", "5")
    done, new = convert(salon, key, Wanted("number"))
    assert done.finished_at is None
    access = salon.access("bea")
    # Somebody fills the new field in before the worker comes by.
    last = Customer.objects.get(pk=people[-1].pk)
    edit_customer(access, last, NewCustomer(last.name, phones=None, emails=None, custom={new: 9}))
    runs = 0
    while Conversion.objects.get(pk=done.pk).finished_at is None:
        copy_converted.func(salon.organisation.pk, done.pk)
        runs += 1
    assert runs == 3
    assert held(people, new) == [1, 2, 3, 4, 9]
    done.refresh_from_db()
    assert (done.looked_at, done.copied) == (5, 4)
    # Once more changes nothing: a worker can die between the work and the note that it is done.
    copy_converted.func(salon.organisation.pk, done.pk)
    assert held(people, new) == [1, 2, 3, 4, 9]
    assert FieldValue.objects.filter(field_id=done.target_id).count() == 5


def test_a_record_that_was_converted_has_another_version(salon: Business) -> None:
    """Whoever had it open is told, and what they send overwrites nothing."""
    key = lay_out(salon, text("Doors"))
    people = filled(salon, key, "1", "two")
    convert(salon, key, Wanted("number"))
    assert [Customer.objects.get(pk=one.pk).version - one.version for one in people] == [1, 0]


def test_the_lookup_finds_by_the_new_field_what_it_found_by_the_old(salon: Business) -> None:
    key = lay_out(salon, text("Call", searched=True))
    filled(salon, key, "06 12 34 56 99")
    _done, new = convert(salon, key, Wanted("phone"))
    assert entry(salon, new)["searched"]
    assert [one.name for one in lookup(salon.access("bea"), "0612345699")] == ["C0"]


@pytest.mark.parametrize("name", ["create", "reschedule", "cancel"])
def test_visits_and_services_are_converted_like_customers(salon: Business, name: str) -> None:
    key = lay_out(salon, text("Doors"), module="appointments", name=name)
    visit = salon.book(custom={key: "4"}) if name == "create" else salon.book()
    if name != "create":
        Appointment.objects.filter(pk=visit.pk).update(custom={key: "4"})
        FieldValue.objects.create(organisation=salon.organisation, field_id=int(key[1:]), record=visit.pk, text="4")
    _done, new = convert(salon, key, Wanted("number"), "appointments", name)
    assert Appointment.objects.get(pk=visit.pk).custom == {key: "4", new: 4}


def test_undoing_a_cancellation_leaves_what_was_converted_since(salon: Business) -> None:
    why = lay_out(salon, text("Who called"), module="appointments", name="cancel")
    doors = lay_out(salon, text("Doors"), module="appointments", name="create")
    visit = salon.book(custom={doors: "4"})
    cancel_appointment(salon.access("bea"), visit, reason="customer", custom={why: "Mother"})
    _done, new = convert(salon, doors, Wanted("number"), "appointments", "create")
    undo_ending(salon.access("bea"), visit)
    assert Appointment.objects.get(pk=visit.pk).custom == {doors: "4", new: 4}


def test_the_sheets_that_were_filled_in_stay_as_they_are(salon: Business) -> None:
    key = lay_out(salon, text("Doors"), module="job_sheets")
    done, new = convert(salon, key, Wanted("number"), "job_sheets")
    assert done.finished_at is not None
    assert done.of_records == 0
    assert entry(salon, new, "job_sheets")["type"] == "number"


def test_a_conversion_is_told_in_the_activity(salon: Business) -> None:
    key = lay_out(salon, text("Doors"))
    _done, new = convert(salon, key, Wanted("number"))
    told = Activity.objects.get(kind="layout.field_converted")
    assert told.changes == {"label": [f"Doors ({key}, text)", f"Doors ({new}, number)"]}


def test_the_old_field_can_be_put_back_with_all_it_held(salon: Business) -> None:
    """(C7)"""
    key = lay_out(salon, text("Doors"))
    people = filled(salon, key, "five")
    convert(salon, key, Wanted("number"))
    access = salon.access("alice")
    current = current_layout(access, "customers")
    draft = draft_of(access, current.document)
    draft["sections"][0]["fields"].append(draft["removed"].pop())
    save_layout(access, "customers", "standard", draft, version=current.number)
    field = entry(salon, key)
    assert type_of(field).shown(field, held(people, key)[0], Setting(), "en") == "five"
