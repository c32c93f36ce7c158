"""The job sheet on the screen: saved as it is filled in, demanded at completion, nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.test import Client

from carnet.appointments.actions import cancel_appointment
from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.customisation.actions import NewField, NewSection, revise_layout, save_layout, switch_module
from carnet.customisation.queries import fields_of, newest_version
from carnet.customisation.values import moment_value
from carnet.jobsheets.actions import fill_job_sheet
from carnet.jobsheets.models import JobSheet
from tests.cast import Business
from tests.desk.test_visit import HTMX, begun, booked, status, url
from tests.jobsheets.workshop import workshop


@pytest.fixture
def keys(open_salon: Business) -> dict[str, str]:
    with open_organisation(open_salon.organisation):
        document = newest_version(open_salon.system, "job_sheets").document
        return {field["key"]: f"f{field['id']}" for field in fields_of(document)}


@pytest.fixture
def colour(open_salon: Business) -> Appointment:
    return begun(open_salon, "colour")


@pytest.fixture
def lea(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("lea"))
    return client


def stored(business: Business) -> dict[str, object]:
    with open_organisation(business.organisation):
        return JobSheet.objects.get().custom


def test_the_sheet_of_a_visit_that_somebody_changed_meanwhile_is_kept_but_does_not_complete_it(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    """(D1)"""
    with open_organisation(open_salon.organisation):
        Appointment.objects.filter(pk=colour.pk).update(version=3)
    address = url(open_salon, colour, "job-sheet/")
    typed = {"complete": "1", "version": "0", "visit_version": "1", keys["work_done"]: "Roots"}
    stale = lea.post(address, typed, headers=HTMX)
    page = unescape(stale.content.decode())
    assert stale.status_code == 412
    assert "Someone else changed this in the meantime." in page
    assert 'name="visit_version" value="3"' in page
    assert status(open_salon, colour) == Status.SCHEDULED
    assert stored(open_salon)[keys["work_done"]] == "Roots"
    assert lea.post(address, typed | {"version": "1", "visit_version": "3"}, headers=HTMX).status_code == 200
    assert status(open_salon, colour) == Status.COMPLETED


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_completing_opens_the_demanded_sheet_by_itself_and_names_the_empty_field(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str], headers: dict[str, str]
) -> None:
    answer = lea.post(url(open_salon, colour, "completion/"), headers=headers)
    page = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "“Work done”" in page
    assert f'name="{keys["work_done"]}"' in page
    assert page.count('aria-invalid="true"') == 1
    assert status(open_salon, colour) == Status.SCHEDULED


def test_the_sheet_completes_the_visit_once_it_is_filled_in(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    address = url(open_salon, colour, "job-sheet/")
    empty = lea.post(address, {"complete": "1", "version": "0", keys["remarks"]: "typed"}, headers=HTMX)
    assert empty.status_code == 422
    assert "typed" in empty.content.decode()
    assert stored(open_salon) == {keys["remarks"]: "typed"}
    assert 'name="version" value="1"' in empty.content.decode()
    full = lea.post(address, {"complete": "1", "version": "1", keys["work_done"]: "Roots"}, headers=HTMX)
    assert full.status_code == 200
    assert status(open_salon, colour) == Status.COMPLETED


def test_a_part_is_saved_while_the_rest_is_still_being_typed(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    address = url(open_salon, colour, "job-sheet/")
    first = lea.post(address, {"part": "1", "version": "0", keys["work_done"]: "Roots"})
    assert (first.status_code, first.json()["version"]) == (200, 1)
    second = lea.post(address, {"part": "1", "version": "1", keys["actual_start"]: "10:05"})
    assert second.json()["version"] == 2
    assert set(stored(open_salon)) == {keys["name"], keys["work_done"], keys["actual_start"]}


def test_what_the_sheet_shows_filled_in_beforehand_is_saved_untouched_with_the_first_word(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    lea.post(url(open_salon, colour, "start/"))
    address = url(open_salon, colour, "job-sheet/")
    shown = unescape(lea.get(address, headers=HTMX).content.decode())
    lea.post(address, {"part": "1", "version": "0", keys["work_done"]: "Roots"})
    saved = stored(open_salon)
    assert saved[keys["name"]] == "Véra Élan"
    with open_organisation(open_salon.organisation):
        started_at = Appointment.objects.get(pk=colour.pk).started_at
    assert started_at is not None
    assert saved[keys["actual_start"]] == moment_value(started_at)
    again = unescape(lea.get(address, headers=HTMX).content.decode())
    for key in (keys["name"], keys["actual_start"]):
        field = re.compile(rf'<input[^>]*name="{key}"[^>]*>')
        before, after = field.search(shown), field.search(again)
        assert before is not None
        assert after is not None
        assert before[0] == after[0]
    lea.post(url(open_salon, colour, "completion/"))
    assert status(open_salon, colour) == Status.COMPLETED


def test_what_was_filled_in_beforehand_and_emptied_again_stays_empty(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    address = url(open_salon, colour, "job-sheet/")
    lea.post(address, {"part": "1", "version": "0", keys["name"]: ""})
    lea.post(address, {"part": "1", "version": "1", keys["work_done"]: "Roots"})
    assert stored(open_salon) == {keys["work_done"]: "Roots"}


def test_a_part_that_is_wrong_or_stale_is_refused_in_one_sentence(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    """(D1)"""
    address = url(open_salon, colour, "job-sheet/")
    wrong = lea.post(address, {"part": "1", "version": "0", keys["actual_start"]: "noon"})
    assert wrong.status_code == 422
    assert list(wrong.json()["errors"]) == [keys["actual_start"]]
    lea.post(address, {"part": "1", "version": "0", keys["work_done"]: "Roots"})
    stale = lea.post(address, {"part": "1", "version": "0", keys["work_done"]: "Tips"})
    assert stale.status_code == 412
    assert stored(open_salon) == {keys["name"]: "Véra Élan", keys["work_done"]: "Roots"}


def test_saving_over_somebody_else_s_words_shows_both(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    """(D1)"""
    with open_organisation(open_salon.organisation):
        fill_job_sheet(open_salon.access("bea"), colour, {keys["work_done"]: "by Bea"})
    answer = lea.post(
        url(open_salon, colour, "job-sheet/"), {"version": "0", keys["work_done"]: "by Léa"}, headers=HTMX
    )
    page = unescape(answer.content.decode())
    assert answer.status_code == 412
    assert "by Léa" in page
    assert "by Bea" in page
    assert 'name="version" value="1"' in page
    assert stored(open_salon) == {keys["work_done"]: "by Bea"}


def test_what_is_right_is_saved_and_what_is_wrong_stays_on_the_page(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    answer = lea.post(
        url(open_salon, colour, "job-sheet/"),
        {"version": "0", keys["work_done"]: "Roots", keys["actual_end"]: "25:99"},
        headers=HTMX,
    )
    assert answer.status_code == 422
    assert "25:99" in answer.content.decode()
    assert stored(open_salon) == {keys["work_done"]: "Roots"}


def test_without_javascript_the_sheet_is_saved_by_its_button(
    open_salon: Business, lea: Client, colour: Appointment, keys: dict[str, str]
) -> None:
    answer = lea.post(
        url(open_salon, colour, "job-sheet/"), {"version": "0", "back": "my-day", keys["work_done"]: "Roots"}
    )
    assert (answer.status_code, answer["Location"].split("?")[0]) == (303, open_salon.url("my-day/"))


def test_every_type_of_field_is_drawn_kept_and_shown_again(open_salon: Business, lea: Client) -> None:
    visit = booked(open_salon)
    fields = [
        NewField("number", {"fr": "Poids", "en": "Weight"}, decimals=2),
        NewField("date", {"fr": "Garantie", "en": "Warranty"}),
        NewField("moment", {"fr": "Début", "en": "Start"}),
        NewField("checkbox", {"fr": "Payé", "en": "Paid"}),
        NewField("choice", {"fr": "Lavage", "en": "Wash"}, choices=({"en": "Wet"}, {"en": "Dry"})),
        NewField("text", {"fr": "<b>Série</b>", "en": "<b>Serial</b>"}, help={"en": "<i>On the back</i>"}),
    ]
    with open_organisation(open_salon.organisation):
        layout = newest_version(open_salon.system, "job_sheets").layout
        version = revise_layout(open_salon.access("alice"), layout, [NewSection({"en": "All"}, fields)])
        weight, warranty, start, paid, wash, serial = (f"f{field['id']}" for field in fields_of(version.document))
    address = url(open_salon, visit, "job-sheet/")
    page = lea.get(address, headers=HTMX).content.decode()
    assert "&lt;b&gt;Serial&lt;/b&gt;" in page
    assert "&lt;i&gt;On the back&lt;/i&gt;" in page
    assert "<b>Serial" not in page
    typed = {weight: "1,5", warranty: "27/11/2027", start: "27/11/2026 14:30", paid: "on", wash: "2", serial: "A'1"}
    assert lea.post(address, {"version": "0", **typed}).status_code == 303
    assert stored(open_salon) == {
        weight: 150,
        warranty: "2027-11-27",
        start: "2026-11-27T13:30:00Z",
        paid: True,
        wash: 2,
        serial: "A'1",
    }
    page = unescape(lea.get(address, headers=HTMX).content.decode())
    for shown in ('value="1.50"', 'value="27/11/2027"', 'value="27/11/2026 14:30"', "checked", 'value="2" selected'):
        assert shown in page
    lea.post(address, {"version": "1", "own": paid, **{key: value for key, value in typed.items() if key != paid}})
    assert paid not in stored(open_salon)


def test_a_field_that_the_sheet_does_not_have_is_refused(
    open_salon: Business, lea: Client, colour: Appointment
) -> None:
    """(G3)"""
    answer = lea.post(url(open_salon, colour, "job-sheet/"), {"version": "0", "f999999": "x"}, headers=HTMX)
    assert answer.status_code == 422


@pytest.mark.guard("visible")
def test_a_provider_does_not_read_the_sheet_of_a_colleague(open_salon: Business, client: Client) -> None:
    """(I12)"""
    visit = begun(open_salon, "colour", member="max")
    client.force_login(open_salon.user("lea"))
    assert client.get(url(open_salon, visit, "job-sheet/")).status_code == 404
    assert client.post(url(open_salon, visit, "job-sheet/"), {"part": "1"}).status_code == 404


def test_with_job_sheets_off_nothing_of_them_is_shown_and_the_visit_completes_at_once(
    open_salon: Business, lea: Client, colour: Appointment
) -> None:
    with open_organisation(open_salon.organisation):
        switch_module(open_salon.access("alice"), "job_sheets", False)
    assert "job-sheet/" not in lea.get(url(open_salon, colour)).content.decode()
    assert lea.get(url(open_salon, colour, "job-sheet/")).status_code == 404
    lea.post(url(open_salon, colour, "completion/"))
    assert status(open_salon, colour) == Status.COMPLETED


def test_a_sheet_sent_after_the_visit_was_cancelled_is_refused_and_stays_on_the_page(
    open_salon: Business, lea: Client, keys: dict[str, str]
) -> None:
    visit = booked(open_salon)
    address = url(open_salon, visit, "job-sheet/")
    with open_organisation(open_salon.organisation):
        cancel_appointment(open_salon.access("bea"), visit, reason="customer")
    part = lea.post(address, {"part": "1", "version": "0", keys["work_done"]: "Roots"})
    assert part.status_code == 409
    assert part.json()["sentence"]
    whole = lea.post(address, {"version": "0", keys["work_done"]: "Roots, 6.34"}, headers=HTMX)
    page = unescape(whole.content.decode())
    assert whole.status_code == 409
    assert "Nothing was saved; what was typed is still here." in page
    assert "Roots, 6.34" in page
    with open_organisation(open_salon.organisation):
        assert not JobSheet.objects.exists()


def test_lines_are_typed_without_a_script_in_spare_rows_and_come_back_with_their_totals(
    open_salon: Business, lea: Client
) -> None:
    with open_organisation(open_salon.organisation):
        made = workshop(open_salon)
    visit = begun(open_salon, "colour")
    address, parts = url(open_salon, visit, "job-sheet/"), made.keys["parts"]
    page = lea.get(address, headers=HTMX).content.decode()
    assert f'name="{parts}.0.c1"' in page
    assert f'name="{parts}.1.c1"' in page
    typed = {f"{parts}.1.c1": "Joint", f"{parts}.1.c2": "2", f"{parts}.1.c3": "1,80", "own": parts}
    assert lea.post(address, {"version": "0", "drawn": "reparation/2", **typed}).status_code == 303
    assert stored(open_salon)[parts] == [{"c1": "Joint", "c2": 2, "c3": 180, "c4": 360}]
    page = unescape(lea.get(address, headers=HTMX).content.decode())
    assert 'value="Joint"' in page
    assert f'data-total="{made.keys["total"]}">€3.60<' in page


def test_a_sheet_prints_as_it_was_filled_in_also_after_its_layout_has_changed(
    open_salon: Business, lea: Client
) -> None:
    """(C7)"""
    with open_organisation(open_salon.organisation):
        made = workshop(open_salon)
    visit = begun(open_salon, "colour")
    address = url(open_salon, visit, "job-sheet/")
    with open_organisation(open_salon.organisation):
        lines = [{"c1": "<b>Joint</b>", "c2": 2, "c3": 1.8}]
        fill_job_sheet(open_salon.access("lea"), visit, {made.keys["parts"]: lines, made.keys["checks"]: [2]})
        alice = open_salon.access("alice")
        emptied = {"sections": [{"label": {"en": "Nothing"}, "fields": []}]}
        save_layout(alice, "job_sheets", made.layout.name, emptied, version=2)
    page = unescape(lea.get(f"{address}print").content.decode())
    for told in ("Véra Élan", "Spare parts used", "<bdi>Reference</bdi>", "€1.80", "3.60", "Serial number", "Cleaned"):
        assert told in page, told
    assert "<td>&lt;b&gt;Joint" in lea.get(f"{address}print").content.decode()
    assert "End of the warranty" not in page
