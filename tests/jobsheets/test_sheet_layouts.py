"""Several layouts of job sheets: a service chooses one, and a sheet keeps the version it was filled in with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from carnet.base.errors import Invalid
from carnet.catalogue.actions import create_service, edit_service
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Service
from carnet.customisation.actions import save_layout
from carnet.customisation.models import Layout
from carnet.customisation.queries import current_layout, draft_of, fields_of, key_of
from carnet.jobsheets.actions import (
    add_sheet_layout,
    fill_job_sheet,
    remove_sheet_layout,
    rename_sheet_layout,
    return_sheet_layout,
)
from carnet.jobsheets.errors import SheetLayoutInUse
from carnet.jobsheets.queries import removed_sheet_layouts, sheet_layouts, sheet_of
from carnet.organisations.models import Activity
from tests.cast import Business

SERIAL = {"sections": [{"label": {"en": "Machine"}, "fields": [{"type": "text", "label": {"en": "Serial number"}}]}]}


def chosen(salon: Business, service: str, layout: Layout | None) -> Service:
    """Let a service draw its sheets with that layout."""
    found = Service.objects.get(pk=salon.services[service].pk)
    return edit_service(salon.access("alice"), found, replace(details_of(found), job_sheet_layout=layout))


def repair(salon: Business) -> Layout:
    """Return a layout « Réparation » that asks for a serial number."""
    layout = add_sheet_layout(salon.access("alice"), "Réparation")
    save_layout(salon.access("alice"), "job_sheets", layout.name, SERIAL, version=1)
    return layout


def asked(salon: Business, service: str, **more: str) -> list[str]:
    """Return the English labels of a blank sheet."""
    sheet = sheet_of(salon.access("lea"), salon.book(service, **more))
    return [field["label"]["en"] for field in fields_of(sheet.layout_version.document)]


def test_a_blank_sheet_is_drawn_by_the_layout_of_its_service(salon: Business) -> None:
    chosen(salon, "colour", repair(salon))
    assert asked(salon, "colour", at="10:00") == ["Serial number"]
    assert asked(salon, "haircut", at="14:00") == ["Name", "Work done", "Actual start", "Actual end", "Remarks"]


def test_a_kept_sheet_stays_as_it_is_when_its_service_chooses_another_layout(salon: Business) -> None:
    colour = salon.book("colour", at="10:00")
    work = key_of(list(fields_of(sheet_of(salon.access("lea"), colour).layout_version.document))[1])
    kept = fill_job_sheet(salon.access("lea"), colour, {work: "Roots"})
    chosen(salon, "colour", repair(salon))
    again = sheet_of(salon.access("lea"), colour)
    assert (again.layout_version, again.custom) == (kept.layout_version, {work: "Roots"})


def test_a_copy_has_the_fields_of_the_other_and_goes_its_own_way(salon: Business) -> None:
    alice = salon.access("alice")
    standard = Layout.objects.get(module="job_sheets", name="standard")
    before = current_layout(alice, "job_sheets").document
    copy = add_sheet_layout(alice, "Coupe", copied_from=standard)
    document = current_layout(alice, "job_sheets", copy.name).document
    assert [key_of(field) for field in fields_of(document)] == [key_of(field) for field in fields_of(before)]
    draft = draft_of(alice, document)
    del draft["sections"][0]["fields"][1:]
    save_layout(alice, "job_sheets", copy.name, draft, version=1)
    assert current_layout(alice, "job_sheets").document == before


def test_names_are_for_addresses_and_labels_for_people(salon: Business) -> None:
    alice = salon.access("alice")
    first = add_sheet_layout(alice, "Réparation")
    rename_sheet_layout(alice, first, "  Dépannage  ")
    second = add_sheet_layout(alice, "Reparation")
    assert (first.name, second.name) == ("reparation", "reparation-2")
    assert [one.label for one in sheet_layouts()] == ["", "Dépannage", "Reparation"]
    assert Layout.objects.get(pk=first.pk).name == "reparation"
    kinds = [row.kind for row in Activity.objects.filter(subject_kind="layout", subject_id=first.pk).order_by("pk")]
    assert kinds == ["layout.created", "layout.renamed"]


@pytest.mark.parametrize("label", ["", "  ", "x" * 81, "réparation"])
def test_a_label_is_refused_that_is_empty_too_long_or_anothers(salon: Business, label: str) -> None:
    add_sheet_layout(salon.access("alice"), "Réparation")
    other = add_sheet_layout(salon.access("alice"), "Installation")
    for act in (
        lambda: add_sheet_layout(salon.access("alice"), label),
        lambda: rename_sheet_layout(salon.access("alice"), other, label),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert list(refused.value.errors) == ["label"]


def test_a_layout_that_services_use_is_not_deleted_and_they_are_named(salon: Business) -> None:
    layout = repair(salon)
    chosen(salon, "colour", layout)
    with pytest.raises(SheetLayoutInUse) as refused:
        remove_sheet_layout(salon.access("alice"), layout)
    assert refused.value.services == ("Couleur",)
    assert layout in sheet_layouts()


def test_a_deleted_layout_is_not_chosen_anew_and_draws_its_sheets_for_ever(salon: Business) -> None:
    """C7."""
    layout = repair(salon)
    chosen(salon, "colour", layout)
    colour = salon.book("colour", at="10:00")
    serial = key_of(next(fields_of(sheet_of(salon.access("lea"), colour).layout_version.document)))
    fill_job_sheet(salon.access("lea"), colour, {serial: "A 12"})
    chosen(salon, "colour", None)
    remove_sheet_layout(salon.access("alice"), layout)
    assert (layout in sheet_layouts(), removed_sheet_layouts()) == (False, [layout])
    with pytest.raises(Invalid, match="job_sheet_layout"):
        chosen(salon, "haircut", layout)
    sheet = sheet_of(salon.access("lea"), colour)
    assert (sheet.layout_version.layout, sheet.custom) == (layout, {serial: "A 12"})
    assert fill_job_sheet(salon.access("lea"), colour, {serial: "A 13"}).custom == {serial: "A 13"}
    return_sheet_layout(salon.access("alice"), layout)
    assert chosen(salon, "haircut", layout).job_sheet_layout == layout


def test_the_standard_layout_cannot_be_deleted(salon: Business) -> None:
    with pytest.raises(Invalid):
        remove_sheet_layout(salon.access("alice"), Layout.objects.get(module="job_sheets", name="standard"))


def test_a_clone_draws_its_sheets_as_the_service_it_was_made_of(salon: Business) -> None:
    layout = repair(salon)
    service = chosen(salon, "colour", layout)
    clone = create_service(salon.access("alice"), details_of(service), cloned_from=service)
    assert clone.job_sheet_layout == layout


def test_another_layout_of_a_service_is_told_in_its_history(salon: Business) -> None:
    chosen(salon, "colour", repair(salon))
    row = Activity.objects.filter(kind="service.edited").latest("pk")
    assert row.changes["job_sheet_layout"] == [None, "Réparation"]
