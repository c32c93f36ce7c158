"""Outside the hours: for who may, only knowingly, and never over time that is taken or an absence."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carnet.appointments.actions import reschedule_appointment
from carnet.appointments.errors import BookingRefused, SlotTaken
from carnet.appointments.models import Appointment
from carnet.base.errors import NotPermitted
from carnet.catalogue.actions import add_outage
from carnet.organisations.models import Activity, Profile
from carnet.resources.actions import add_closures, add_time_off
from carnet.scheduling.outside import OVERRIDABLE
from tests.cast import Business
from tests.doors.world import token_of, unchanged


@pytest.fixture
def late(salon: Business) -> Business:
    """A salon that is open to six; Bea may book outside of that."""
    allow(salon)
    return salon


def allow(business: Business) -> None:
    found = Profile._base_manager.get(organisation=business.organisation, key="front_desk")
    Profile._base_manager.filter(pk=found.pk).update(permissions=[*found.permissions, "appointments.book_outside"])


def rules(error: pytest.ExceptionInfo[BookingRefused]) -> set[str]:
    return {one.rule for one in error.value.outside}


def test_without_a_yes_it_is_refused_and_said_what_would_be_overridden(late: Business) -> None:
    with pytest.raises(BookingRefused) as told, unchanged():
        late.book(at="20:00")
    assert rules(told) == {"business_open", "at_work"}


def test_with_the_yes_it_stands_there_and_the_history_tells_what_was_overridden(late: Business) -> None:
    visit = late.book(at="20:00", outside=OVERRIDABLE)
    assert visit.starts_at == late.at("20:00")
    said = Activity.objects.get(kind="appointment.booked", subject_id=visit.pk)
    assert set(said.changes["outside_hours"][1]) == {"business_open", "at_work"}


def test_a_yes_overrides_what_it_names_and_nothing_else(late: Business) -> None:
    """What has come to be in the way meanwhile was not said yes to."""
    with pytest.raises(BookingRefused) as told, unchanged():
        late.book(at="20:00", outside={"at_work"})
    assert rules(told) == {"business_open", "at_work"}
    assert late.book(at="13:00", outside={"at_work"})


def test_a_closed_day_is_outside_the_hours_too(late: Business) -> None:
    add_closures(late.system, {late.day: "Inventory"})
    with pytest.raises(BookingRefused):
        late.book(at="10:00")
    assert late.book(at="10:00", outside=OVERRIDABLE)


@pytest.mark.guard("access_require")
def test_without_the_right_a_yes_is_refused(salon: Business) -> None:
    """(K4)"""
    with pytest.raises(BookingRefused) as told:
        salon.book(at="20:00")
    assert not told.value.outside
    visit = salon.book(at="10:00")
    with unchanged():
        with pytest.raises(NotPermitted):
            salon.book(at="20:00", outside=OVERRIDABLE)
        with pytest.raises(NotPermitted):
            reschedule_appointment(salon.access("bea"), visit, salon.at("20:00"), outside=OVERRIDABLE)


def test_time_that_is_taken_stays_taken(late: Business) -> None:
    """(A1)"""
    late.book(at="20:00", outside=OVERRIDABLE)
    with pytest.raises(BookingRefused) as told, unchanged():
        late.book(at="20:00", customer="omar", outside=OVERRIDABLE)
    assert "nobody_busy" in {one.rule for one in told.value.refusals}
    assert not told.value.outside
    late.book(at="10:00")
    with pytest.raises(SlotTaken), unchanged():
        late.book(at="10:00", customer="omar", outside=OVERRIDABLE)


def test_an_absence_and_a_pause_are_not_overridden(late: Business) -> None:
    add_time_off(late.system, late.resource("lea"), late.at("19:00"), late.at("22:00"))
    with pytest.raises(BookingRefused) as told, unchanged():
        late.book(at="20:00", outside=OVERRIDABLE)
    assert not told.value.outside
    assert late.book(at="20:00", member="max", outside=OVERRIDABLE)
    add_outage(late.system, late.services["haircut"], late.at("21:00"), late.at("23:00"), reason="Works")
    with pytest.raises(BookingRefused), unchanged():
        late.book(at="21:30", member="max", outside=OVERRIDABLE)


def test_the_past_stays_the_past(late: Business) -> None:
    with pytest.raises(BookingRefused), unchanged():
        late.book(at="20:00", day=(late.now - timedelta(days=2)).date(), outside=OVERRIDABLE)


def test_anyone_is_found_outside_the_hours_too(late: Business) -> None:
    late.book(at="20:00", member="lea", outside=OVERRIDABLE)
    visit = late.book(at="20:00", member=None, customer="omar", outside=OVERRIDABLE)
    with pytest.raises(BookingRefused):
        late.book(at="20:00", member=None, customer=None, outside=OVERRIDABLE)
    assert visit.pk


def test_a_visit_is_moved_outside_the_hours_and_its_history_tells(late: Business) -> None:
    visit = late.book(at="10:00")
    with pytest.raises(BookingRefused) as told, unchanged():
        reschedule_appointment(late.access("bea"), visit, late.at("20:00"))
    assert rules(told) == {"business_open", "at_work"}
    moved = reschedule_appointment(late.access("bea"), visit, late.at("20:00"), outside=OVERRIDABLE)
    assert moved.starts_at == late.at("20:00")
    said = Activity.objects.get(kind="appointment.moved")
    assert set(said.changes["outside_hours"][1]) == {"business_open", "at_work"}


def test_nothing_more_is_asked_of_the_database_where_nothing_is_overridden(late: Business) -> None:
    late.book(at="09:00")
    with CaptureQueriesContext(connection) as plain:
        late.book(at="10:00", customer="omar")
    with CaptureQueriesContext(connection) as knowing:
        visit = late.book(at="11:00", customer="omar", outside=OVERRIDABLE)
    assert len(knowing) == len(plain)
    assert "outside_hours" not in Activity.objects.get(kind="appointment.booked", subject_id=visit.pk).changes


# By other doors


@pytest.fixture
def open_late(open_salon: Business) -> Business:
    allow(open_salon)
    return open_salon


def sent(business: Business, secret: str, method: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {secret}", "If-Match": "*"}
    address = f"/api/v1/o/{business.organisation.slug}/{path}"
    answer = Client().generic(method, address, json.dumps(body), content_type="application/json", headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_programs_say_yes_by_outside_hours(open_late: Business) -> None:
    bea = token_of(open_late, "bea")
    names = {"service": str(open_late.services["haircut"].public_id), "member": str(open_late.members["lea"].public_id)}
    asked = names | {"customer": str(open_late.customers["vera"].public_id), "start": open_late.at("20:00").isoformat()}
    assert sent(open_late, bea, "POST", "appointments", asked)[0] == 409
    status, booked = sent(open_late, bea, "POST", "appointments", asked | {"outside_hours": True})
    assert status == 201
    move = {"start": open_late.at("21:00").isoformat(), "reason": "customer"}
    schedule = f"appointments/{booked['id']}/schedule"
    assert sent(open_late, bea, "PUT", schedule, move)[0] == 409
    assert sent(open_late, bea, "PUT", schedule, move | {"outside_hours": True})[0] == 200
    Profile._base_manager.filter(key="front_desk").update(
        permissions=["appointments.see", "appointments.book", "appointments.move", "catalogue.see", "customers.see"]
    )
    with unchanged():
        assert sent(open_late, bea, "POST", "appointments", asked | {"outside_hours": True})[0] == 403
        assert sent(open_late, bea, "PUT", schedule, move | {"outside_hours": True})[0] == 403


def panel(business: Business, **more: str) -> dict[str, str]:
    return {
        "service-0": str(business.services["haircut"].public_id),
        "member-0": str(business.members["lea"].public_id),
        "customer": str(business.customers["vera"].public_id),
        "place": "business",
        "day": business.day.isoformat(),
        "id": "7f1b5d0e-4a51-4c8e-9d5c-0a8f5d1b2c3d",
        **more,
    }


def test_the_panel_takes_another_time_and_asks_before_it_overrides(open_late: Business) -> None:
    desk = Client()
    desk.force_login(open_late.user("bea"))
    form = desk.get(f"{open_late.url('booking/')}?{urlencode(panel(open_late))}").content.decode()
    assert 'name="other_time"' in form
    refused = desk.post(open_late.url("appointments/"), panel(open_late, other_time="20h"))
    assert refused.status_code == 409
    page = unescape(refused.content.decode())
    assert "Lea does not work at this time." in page
    yes = re.search(r'id="book-outside" name="outside" value="([^"]+)"', page)
    assert yes is not None
    assert yes[1].endswith("|at_work,business_open")
    assert not Appointment._base_manager.exists()
    booked = desk.post(open_late.url("appointments/"), panel(open_late, outside=yes[1]))
    assert booked.status_code == 303
    visit = Appointment._base_manager.get()
    assert visit.starts_at == open_late.at("20:00")
    told = unescape(desk.get(open_late.url(f"appointments/{visit.public_id}/")).content.decode())
    assert "Booked, outside the hours" in told
    alice = Client()
    alice.force_login(open_late.user("alice"))
    told = unescape(alice.get(open_late.url("set-up/activity/?kind=appointment.booked")).content.decode())
    assert "Business hours, hours of the member" in re.sub(r"\s+", " ", told)
    # And to move it further.
    schedule = open_late.url(f"appointments/{visit.public_id}/schedule/")
    move = {"who": "same", "day": open_late.day.isoformat(), "reason": "team", "version": str(visit.version)}
    refused = desk.post(schedule, move | {"other_time": "21:15"})
    assert refused.status_code == 409
    yes = re.search(r'id="book-outside" name="outside" value="([^"]+)"', unescape(refused.content.decode()))
    assert yes is not None
    assert desk.post(schedule, move | {"outside": yes[1]}).status_code == 303
    assert Appointment._base_manager.get().starts_at == open_late.at("21:15")


def test_without_the_right_no_page_offers_or_takes_it(open_salon: Business) -> None:
    """(K4)"""
    desk = Client()
    desk.force_login(open_salon.user("bea"))
    form = desk.get(f"{open_salon.url('booking/')}?{urlencode(panel(open_salon))}").content.decode()
    assert 'name="other_time"' not in form
    start = open_salon.at("20:00").isoformat()
    with unchanged():
        refused = desk.post(open_salon.url("appointments/"), panel(open_salon, start=start))
        assert refused.status_code == 409
        assert "book-outside" not in refused.content.decode()
        forced = panel(open_salon, start=start, outside=f"{start}|at_work,business_open")
        assert desk.post(open_salon.url("appointments/"), forced).status_code == 403
