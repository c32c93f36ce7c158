"""Modules and layouts of an organisation."""

from __future__ import annotations

import pytest

from carnet.base.errors import NotPermitted
from carnet.customisation.actions import NewField, NewSection, create_layout, revise_layout, switch_module
from carnet.customisation.errors import LayoutRefused, UnknownModule
from carnet.customisation.models import Field, Module
from carnet.customisation.queries import fields_of, modules_on, newest_version
from carnet.organisations.models import Activity
from tests.cast import Business


def test_a_new_organisation_has_the_standard_job_sheet_in_both_languages(salon: Business) -> None:
    version = newest_version(salon.system, "job_sheets")
    labels = [(field["label"]["fr"], field["label"]["en"], field["required"]) for field in fields_of(version.document)]
    assert version.number == 1
    assert labels == [
        ("Nom", "Name", False),
        ("Travail effectué", "Work done", True),
        ("Début réel", "Actual start", False),
        ("Fin réelle", "Actual end", False),
        ("Remarques", "Remarks", False),
    ]


def test_an_administrator_switches_a_module_off_and_on_and_both_stand_in_the_history(salon: Business) -> None:
    alice = salon.access("alice")
    assert alice.may("job_sheets.see")
    switch_module(alice, "job_sheets", False)
    assert not alice.may("job_sheets.see")
    switch_module(alice, "job_sheets", True)
    switch_module(alice, "job_sheets", True)
    assert modules_on(alice) == {"services": True, "job_sheets": True}
    switched = Activity.objects.filter(kind="module.switched", member=salon.members["alice"])
    assert [row.changes for row in switched.order_by("id")] == [
        {"job_sheets": [True, False]},
        {"job_sheets": [False, True]},
    ]


@pytest.mark.guard("access_require")
@pytest.mark.parametrize("name", ["bea", "lea"])
def test_nobody_but_an_administrator_switches_a_module(salon: Business, name: str) -> None:
    with pytest.raises(NotPermitted):
        switch_module(salon.access(name), "services", False)
    assert Module.objects.get(key="services").on


def test_a_module_that_does_not_exist_is_refused(salon: Business) -> None:
    with pytest.raises(UnknownModule):
        switch_module(salon.access("alice"), "rockets", True)


def test_a_revised_layout_is_a_new_version_and_the_old_one_stays(salon: Business) -> None:
    first = newest_version(salon.system, "job_sheets")
    name = next(fields_of(first.document))
    kept = NewField(name["type"], {"fr": "Objet", "en": "Subject"}, existing=name["id"])
    added = NewField(Field.Type.CHOICE, {"fr": "Lavage", "en": "Wash"}, choices=({"en": "Wet"}, {"en": "Dry"}))
    second = revise_layout(salon.access("alice"), first.layout, [NewSection({"en": "Sheet"}, [kept, added])])
    assert (first.number, second.number) == (1, 2)
    assert newest_version(salon.system, "job_sheets") == second
    entries = list(fields_of(second.document))
    assert entries[0]["id"] == name["id"]
    assert [choice["id"] for choice in entries[1]["choices"]] == [1, 2]
    first.refresh_from_db()
    assert len(list(fields_of(first.document))) == 5


@pytest.mark.parametrize(
    "new",
    [
        NewField("rocket", {"en": "Rocket"}),
        NewField("text", {"en": "  "}),
        NewField("text", {"en": "x" * 121}),
        NewField("choice", {"en": "Empty list"}),
        NewField("number", {"en": "Too exact"}, decimals=7),
        NewField("text", {"en": "Somebody else’s"}, existing=2**40),
    ],
    ids=lambda new: next(iter(new.label.values()))[:20].strip() or "no label",
)
def test_a_layout_that_could_not_be_filled_in_is_refused(salon: Business, new: NewField) -> None:
    """(C11)"""
    before = Field.objects.count()
    with pytest.raises(LayoutRefused):
        create_layout(salon.access("alice"), "customers", "standard", [NewSection({"en": "All"}, [new])])
    assert Field.objects.count() == before


def test_the_type_of_a_field_never_changes(salon: Business) -> None:
    """(C8)"""
    first = newest_version(salon.system, "job_sheets")
    name = next(fields_of(first.document))
    with pytest.raises(LayoutRefused):
        revise_layout(
            salon.access("alice"),
            first.layout,
            [NewSection({"en": "Sheet"}, [NewField("date", {"en": "Name"}, existing=name["id"])])],
        )
