"""A sheet of every type of field: filled in, added up, asked on conditions, told by the API, kept for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from carnet.appointments.models import Appointment, Status
from carnet.base.errors import Invalid, StaleVersion
from carnet.customisation.actions import save_layout, use_job_sheets
from carnet.customisation.queries import current_layout, draft_of
from carnet.jobsheets.actions import complete_appointment, fill_job_sheet
from carnet.jobsheets.errors import SheetIncomplete
from carnet.jobsheets.models import JobSheet
from carnet.jobsheets.output import sheet_output
from carnet.jobsheets.queries import fields_awaited, sheet_of, version_drawn
from carnet.organisations.models import Activity
from tests.cast import Business
from tests.jobsheets.workshop import Workshop, workshop

LINES = [{"c1": "Joint 15/21", "c2": "2", "c3": "1,80"}, {"c1": "Pompe", "c2": "1", "c3": "42.50"}]


@pytest.fixture
def repair(salon: Business) -> Workshop:
    return workshop(salon)


@pytest.fixture
def visit(salon: Business, repair: Workshop) -> Appointment:
    return salon.book("colour", at="10:00")


@pytest.fixture
def fill(salon: Business, repair: Workshop, visit: Appointment) -> Callable[..., JobSheet]:
    """Return a function that fills in fields by the names of the workshop."""

    def filled(version: int | None = None, **values: Any) -> JobSheet:
        named = {repair.keys[name]: value for name, value in values.items()}
        return fill_job_sheet(salon.access("lea"), visit, named, version=version)

    return filled


def test_lines_are_added_up_and_so_is_the_sheet(fill: Callable[..., JobSheet], repair: Workshop) -> None:
    kept = fill(parts=LINES).custom
    assert [line["c4"] for line in kept[repair.keys["parts"]]] == [360, 4250]
    assert kept[repair.keys["total"]] == 4610
    assert fill(parts=LINES[:1]).custom[repair.keys["total"]] == 360
    assert repair.keys["parts"] not in fill(parts=[]).custom


def test_a_total_cannot_be_typed(fill: Callable[..., JobSheet], repair: Workshop) -> None:
    """K7."""
    with pytest.raises(Invalid) as refused:
        fill(total="12")
    assert list(refused.value.errors) == [repair.keys["total"]]


def test_a_field_is_demanded_on_its_condition_only(
    salon: Business, fill: Callable[..., JobSheet], repair: Workshop, visit: Appointment
) -> None:
    lea = salon.access("lea", now=salon.at("11:30"))
    fill(serial="A 12")
    assert fields_awaited(lea, visit) == ()
    fill(warranty="on")
    with pytest.raises(SheetIncomplete) as refused:
        complete_appointment(lea, visit)
    assert [field["label"]["en"] for field in refused.value.fields] == ["End of the warranty"]
    complete_appointment(lea, visit, values={repair.keys["expiry"]: "27/11/2027"})
    assert Appointment.objects.get(pk=visit.pk).status == Status.COMPLETED


def test_what_is_not_asked_is_refused_and_what_was_there_stays(fill: Callable[..., JobSheet], repair: Workshop) -> None:
    """K7."""
    with pytest.raises(Invalid) as refused:
        fill(expiry="27/11/2027")
    assert list(refused.value.errors) == [repair.keys["expiry"]]
    fill(warranty="on", expiry="27/11/2027")
    assert fill(warranty="").custom[repair.keys["expiry"]] == "2027-11-27"


def test_points_are_ticked_one_after_the_other(fill: Callable[..., JobSheet], repair: Workshop) -> None:
    assert fill(checks=["1"]).custom[repair.keys["checks"]] == [1]
    assert fill(checks=["2", "1"]).custom[repair.keys["checks"]] == [1, 2]


def test_what_the_api_tells_can_be_sent_back_and_changes_nothing(
    salon: Business, fill: Callable[..., JobSheet], repair: Workshop, visit: Appointment
) -> None:
    max_ = str(salon.members["max"].public_id)
    fill(
        model="WAT",
        serial="A 12",
        parts=LINES,
        checks=[2],
        warranty=True,
        expiry="27/11/2027",
        discount="12,5",
        phone="06 12 34 56 78",
        email="a@mail.example",
        url="example.org/n",
        checked_by=max_,
        colours=[2],
        taken_back="27/11/2026 14:30",
        deposit="20",
    )
    lea = salon.access("lea")
    told = sheet_output(lea, sheet_of(lea, visit))
    values = {name: told["values"].get(key) for name, key in repair.keys.items()}
    assert (values["discount"], values["deposit"], values["checked_by"]) == (12.5, 20.0, max_)
    assert values["parts"][0] == {"c1": "Joint 15/21", "c2": 2, "c3": 1.8, "c4": 3.6}
    assert (values["total"], values["colours"], values["checks"]) == (46.1, [2], [2])
    assert told["layout"] == {"name": "reparation", "version": 2}
    again = fill_job_sheet(lea, visit, told["values"], version=1)
    assert again.version == 1


def test_a_sheet_sent_twice_is_saved_once(fill: Callable[..., JobSheet]) -> None:
    fill(version=0, serial="A 12", parts=LINES)
    assert fill(version=0, serial="A 12", parts=LINES).version == 1
    assert Activity.objects.filter(kind="job_sheet.saved").count() == 1
    with pytest.raises(StaleVersion):
        fill(version=0, serial="A 13")


def test_a_sheet_is_filled_in_with_the_version_that_its_form_was_drawn_with(
    salon: Business, repair: Workshop, visit: Appointment
) -> None:
    """A layout saved while somebody types takes nothing away from them (C7)."""
    alice, lea = salon.access("alice"), salon.access("lea")
    drawn = version_drawn("reparation/2")
    draft = draft_of(alice, current_layout(alice, "job_sheets", "reparation").document)
    draft["sections"][0]["fields"] = [one for one in draft["sections"][0]["fields"] if one["type"] == "text"]
    draft["sections"][0]["fields"][1]["label"] = {"en": "Number on the back"}
    save_layout(alice, "job_sheets", "reparation", draft, version=2)
    kept = fill_job_sheet(lea, visit, {repair.keys["parts"]: LINES}, version=0, drawn=drawn)
    assert (kept.layout_version, kept.custom[repair.keys["total"]]) == (drawn, 4610)
    assert fields_awaited(lea, visit)[0]["label"]["en"] == "Serial number"


def test_off_and_on_again_everything_is_as_before(
    salon: Business, fill: Callable[..., JobSheet], repair: Workshop, visit: Appointment
) -> None:
    lea = salon.access("lea", now=salon.at("11:30"))
    before = fill(parts=LINES)
    use_job_sheets(salon.access("bea"), False)
    assert fields_awaited(salon.access("lea"), visit) == ()
    use_job_sheets(salon.access("bea"), True)
    again = sheet_of(salon.access("lea"), visit)
    assert (again.custom, again.layout_version, again.version) == (before.custom, before.layout_version, 1)
    with pytest.raises(SheetIncomplete):
        complete_appointment(lea, visit)


@pytest.mark.parametrize(
    "text", ["", "reparation", "reparation/", "reparation/x", "reparation/99", "../1", "nothing/1"]
)
def test_a_version_that_does_not_exist_draws_nothing(repair: Workshop, text: str) -> None:
    assert version_drawn(text) is None
