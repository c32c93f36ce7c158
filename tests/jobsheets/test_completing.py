"""Completing a visit, and the gate that asks for its job sheet."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.utils import translation

import carnet
from carnet.appointments.actions import cancel_appointment, start_appointment, undo_ending
from carnet.appointments.errors import AppointmentClosed, TooLate
from carnet.appointments.models import Appointment, Status
from carnet.base.errors import NotPermitted, StaleVersion
from carnet.customisation.actions import NewField, NewSection, revise_layout, switch_module
from carnet.customisation.queries import newest_version
from carnet.jobsheets.actions import complete_appointment, fill_job_sheet
from carnet.jobsheets.errors import SheetIncomplete
from carnet.jobsheets.models import JobSheet
from carnet.organisations.models import Activity
from tests.cast import Business
from tests.jobsheets.test_filling import field


@pytest.fixture
def colour(salon: Business) -> Appointment:
    return salon.book("colour", at="10:00")


def status_of(appointment: Appointment) -> str:
    appointment.refresh_from_db()
    return appointment.status


def test_a_visit_whose_service_asks_for_a_sheet_is_not_complete_before_it_is_filled_in(
    salon: Business, colour: Appointment
) -> None:
    later = salon.access("lea", now=salon.at("11:30"))
    with pytest.raises(SheetIncomplete) as refused:
        complete_appointment(later, colour)
    assert refused.value.status == 422
    assert [entry["key"] for entry in refused.value.fields] == ["work_done"]
    assert status_of(colour) == Status.SCHEDULED
    fill_job_sheet(later, colour, {field(salon, "work_done"): "Roots"})
    complete_appointment(later, colour)
    assert status_of(colour) == Status.COMPLETED


def test_a_visit_whose_service_asks_for_none_is_completed_at_once(salon: Business) -> None:
    haircut = salon.book("haircut", at="10:00")
    complete_appointment(salon.access("lea", now=salon.at("11:00")), haircut)
    assert status_of(haircut) == Status.COMPLETED


def test_the_gate_is_gone_while_job_sheets_are_switched_off(salon: Business, colour: Appointment) -> None:
    switch_module(salon.access("alice"), "job_sheets", False)
    complete_appointment(salon.access("lea", now=salon.at("11:30")), colour)
    assert status_of(colour) == Status.COMPLETED


def test_values_and_completion_are_one_change_both_or_neither(salon: Business, colour: Appointment) -> None:
    """(I10)"""
    later = salon.access("lea", now=salon.at("11:30"))
    with pytest.raises(SheetIncomplete):
        complete_appointment(later, colour, values={field(salon, "remarks"): "Nothing done yet"})
    assert JobSheet.objects.count() == 0
    complete_appointment(later, colour, values={field(salon, "work_done"): "Roots"})
    assert status_of(colour) == Status.COMPLETED
    assert Activity.objects.filter(kind="appointment.completed").count() == 1


def test_the_refusal_names_the_field_in_the_language_of_the_reader(salon: Business, colour: Appointment) -> None:
    first = newest_version(salon.system, "job_sheets")
    serial = NewField("text", {"fr": "Numéro de série", "en": "Serial number"}, required=True)
    model = NewField("text", {"fr": "Numéro de modèle", "en": "Model number"}, required=True)
    parts = NewField("text", {"fr": "Pièces", "en": "Parts"}, required=True)
    alice = salon.access("alice")
    later = salon.access("lea", now=salon.at("11:30"))

    def sentence(*fields: NewField, language: str = "en") -> str:
        revise_layout(alice, first.layout, [NewSection({"en": "Sheet"}, fields)])
        with pytest.raises(SheetIncomplete) as refused:
            complete_appointment(later, colour)
        with translation.override(language):
            return refused.value.sentence()

    assert sentence(serial) == "Fill in “Serial number” to mark this appointment as complete."
    assert (
        sentence(serial, model, parts)
        == "Fill in “Serial number”, “Model number” and “Parts” to mark this appointment as complete."
    )
    assert "Numéro de série" in sentence(serial, language="fr")


def test_a_visit_cancelled_meanwhile_is_not_completed(salon: Business, colour: Appointment) -> None:
    """(A8) The state found under lock decides, not the one that was read."""
    as_read = Appointment.objects.get(pk=colour.pk)
    cancel_appointment(salon.access("bea"), colour, reason="customer")
    later = salon.access("lea", now=salon.at("11:30"))
    with pytest.raises(AppointmentClosed):
        complete_appointment(later, as_read, values={field(salon, "work_done"): "Roots"})
    assert status_of(colour) == Status.CANCELLED
    assert JobSheet.objects.count() == 0


def test_completing_with_a_stale_version_is_refused(salon: Business, colour: Appointment) -> None:
    later = salon.access("lea", now=salon.at("11:30"))
    start_appointment(salon.access("lea", now=salon.at("10:00")), colour)
    with pytest.raises(StaleVersion):
        complete_appointment(later, colour, values={field(salon, "work_done"): "Roots"}, version=1)
    assert status_of(colour) == Status.IN_PROGRESS


def test_completing_is_undone_for_ten_minutes_by_who_did_it(salon: Business) -> None:
    haircut = salon.book("haircut", at="10:00")
    complete_appointment(salon.access("lea", now=salon.at("10:50")), haircut)
    with pytest.raises(TooLate):
        undo_ending(salon.access("bea", now=salon.at("10:51")), haircut)
    with pytest.raises(TooLate):
        undo_ending(salon.access("lea", now=salon.at("11:01")), haircut)
    undo_ending(salon.access("lea", now=salon.at("11:00")), haircut)
    assert status_of(haircut) == Status.SCHEDULED


@pytest.mark.guard("access_require")
def test_a_profile_without_the_right_completes_nothing(salon: Business, colour: Appointment) -> None:
    profile = salon.members["lea"].profile
    profile.permissions = [name for name in profile.permissions if name != "appointments.close"]
    profile.save()
    with pytest.raises(NotPermitted):
        complete_appointment(salon.access("lea", now=salon.at("11:30")), colour)
    assert status_of(colour) == Status.SCHEDULED


def test_no_door_closes_a_visit_past_the_gate() -> None:
    """Only the job sheets room may import `close`; everybody else completes through `complete_appointment`."""
    root = Path(carnet.__file__).parent
    importers = []
    for path in root.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            actions = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("carnet.appointments.actions")
            if actions and "close" in names:
                importers.append(path.relative_to(root).as_posix())
    assert sorted(importers) == ["appointments/actions/__init__.py", "jobsheets/actions/fill.py"]
