"""Filling in a job sheet: bit by bit, in the layout version it was begun with, never over somebody else's words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from carnet.appointments.actions import cancel_appointment
from carnet.appointments.errors import AppointmentClosed
from carnet.appointments.models import Appointment
from carnet.base.errors import Hidden, Invalid, StaleVersion
from carnet.customisation.actions import NewField, NewSection, revise_layout, switch_module
from carnet.customisation.queries import fields_of, newest_version
from carnet.jobsheets.actions import complete_appointment, fill_job_sheet
from carnet.jobsheets.errors import SheetIncomplete
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.queries import sheet_of
from carnet.organisations.models import Activity
from tests.cast import Business


def field(salon: Business, key: str) -> str:
    """Return the key of the values of the predefined field `key`."""
    document = newest_version(salon.system, "job_sheets").document
    return next(f"f{entry['id']}" for entry in fields_of(document) if entry["key"] == key)


@pytest.fixture
def colour(salon: Business) -> Appointment:
    return salon.book("colour", at="10:00")


def test_a_sheet_is_blank_until_somebody_saves_it(salon: Business, colour: Appointment) -> None:
    sheet = sheet_of(salon.access("lea"), colour)
    assert (sheet.pk, sheet.version, sheet.custom) == (None, 0, {})
    assert JobSheet.objects.count() == 0


def test_a_sheet_saves_as_it_is_filled_and_keeps_what_is_not_mentioned(salon: Business, colour: Appointment) -> None:
    lea = salon.access("lea")
    work, remarks = field(salon, "work_done"), field(salon, "remarks")
    fill_job_sheet(lea, colour, {remarks: "Allergic to ammonia"}, version=0)
    sheet = fill_job_sheet(lea, colour, {work: "Roots, 6.34"}, version=1)
    assert sheet.custom == {remarks: "Allergic to ammonia", work: "Roots, 6.34"}
    emptied = fill_job_sheet(lea, colour, {remarks: ""}, version=2)
    assert emptied.custom == {work: "Roots, 6.34"}


def test_saving_the_same_again_is_no_new_version_and_no_history(salon: Business, colour: Appointment) -> None:
    lea, work = salon.access("lea"), field(salon, "work_done")
    fill_job_sheet(lea, colour, {work: "Roots"})
    again = fill_job_sheet(lea, colour, {work: " Roots "})
    assert again.version == 1
    assert Activity.objects.filter(kind="job_sheet.saved").count() == 1


def test_a_value_that_is_wrong_is_refused_with_its_field_and_nothing_is_saved(
    salon: Business, colour: Appointment
) -> None:
    work, start = field(salon, "work_done"), field(salon, "actual_start")
    with pytest.raises(Invalid) as refused:
        fill_job_sheet(salon.access("lea"), colour, {work: "Roots", start: "noon"})
    assert set(refused.value.errors) == {start}
    assert JobSheet.objects.count() == 0


def test_a_stale_version_is_refused_and_the_other_words_stand(salon: Business, colour: Appointment) -> None:
    """(D1)"""
    work = field(salon, "work_done")
    fill_job_sheet(salon.access("lea"), colour, {work: "by Léa"}, version=0)
    with pytest.raises(StaleVersion):
        fill_job_sheet(salon.access("bea"), colour, {work: "by Bea"}, version=0)
    assert JobSheet.objects.get().custom == {work: "by Léa"}


def test_a_sheet_keeps_the_layout_version_it_was_begun_with(salon: Business, colour: Appointment) -> None:
    lea, work = salon.access("lea"), field(salon, "work_done")
    other = salon.book("colour", at="14:00")
    fill_job_sheet(lea, colour, {work: "Roots"})
    first = newest_version(salon.system, "job_sheets")
    serial = NewField("text", {"fr": "Numéro de série", "en": "Serial number"}, required=True)
    revise_layout(salon.access("alice"), first.layout, [NewSection({"en": "Sheet"}, [serial])])
    assert sheet_of(lea, colour).layout_version.number == 1
    assert sheet_of(lea, other).layout_version.number == 2
    assert fill_job_sheet(lea, colour, {work: "Roots and tips"}).layout_version.number == 1


def test_the_sheet_of_a_cancelled_visit_is_not_filled_in(salon: Business, colour: Appointment) -> None:
    cancel_appointment(salon.access("bea"), colour, reason="customer")
    with pytest.raises(AppointmentClosed):
        fill_job_sheet(salon.access("lea"), colour, {field(salon, "work_done"): "Roots"})


def test_what_a_completed_visit_rests_on_can_be_corrected_but_not_emptied(salon: Business, colour: Appointment) -> None:
    later = salon.access("lea", now=salon.at("11:30"))
    work = field(salon, "work_done")
    complete_appointment(later, colour, values={work: "Roots"})
    assert fill_job_sheet(later, colour, {work: "Roots and tips"}).custom == {work: "Roots and tips"}
    with pytest.raises(SheetIncomplete):
        fill_job_sheet(later, colour, {work: ""})


@pytest.mark.guard("visible")
def test_a_provider_does_not_reach_the_sheet_of_a_colleague(salon: Business, colour: Appointment) -> None:
    """(I12)"""
    with pytest.raises(Appointment.DoesNotExist):
        fill_job_sheet(salon.access("max"), colour, {})


def test_with_the_module_off_no_sheet_is_read_or_written_and_it_comes_back_unharmed(
    salon: Business, colour: Appointment
) -> None:
    work = field(salon, "work_done")
    fill_job_sheet(salon.access("lea"), colour, {work: "Roots"})
    switch_module(salon.access("alice"), "job_sheets", False)
    with pytest.raises(Hidden):
        sheet_of(salon.access("lea"), colour)
    with pytest.raises(Hidden):
        fill_job_sheet(salon.access("lea"), colour, {work: "Tips"})
    switch_module(salon.access("alice"), "job_sheets", True)
    assert sheet_of(salon.access("lea", now=salon.now + timedelta(hours=1)), colour).custom == {work: "Roots"}
