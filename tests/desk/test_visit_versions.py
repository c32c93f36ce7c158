"""What is done with a visit is done with the visit that was read: every button carries its version."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.test import Client

from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.jobsheets.actions import complete_appointment
from tests.cast import Business
from tests.desk.test_visit import HTMX, begun, status, url


@pytest.mark.parametrize("part", ["start/", "completion/", "no-show/", "undo/", "reopening/", "schedule/"])
@pytest.mark.parametrize("version", ["1", "x"])
def test_a_button_drawn_before_somebody_else_s_change_is_refused_and_the_visit_shown_as_it_is(
    open_salon: Business, client: Client, part: str, version: str
) -> None:
    """(D1)"""
    visit = begun(open_salon, minutes=20)
    with open_organisation(open_salon.organisation):
        if part in ("undo/", "reopening/"):
            complete_appointment(open_salon.access("alice", now=datetime.now(UTC)), visit)
        Appointment.objects.filter(pk=visit.pk).update(version=5)
    before = status(open_salon, visit)
    client.force_login(open_salon.user("alice"))
    typed = {"version": version, "reason": "customer", "start": open_salon.at("15:00").isoformat()}
    answer = client.post(url(open_salon, visit, part), typed, headers=HTMX)
    if part in ("no-show/", "reopening/", "schedule/") and version == "x":
        assert answer.status_code == 422
    else:
        page = unescape(answer.content.decode())
        assert answer.status_code == 412
        assert "Someone else changed this in the meantime." in page
        assert 'name="version" value="5"' in page
    assert status(open_salon, visit) == before


def test_every_form_about_a_visit_says_which_version_it_was_drawn_at(open_salon: Business, client: Client) -> None:
    """(D2)"""
    seen: set[str] = set()

    def look(address: str, *, post: bool = False) -> None:
        answer = client.post(address, headers=HTMX) if post else client.get(address)
        for found in re.finditer(
            r'<form[^>]*action="([^"]*/appointments/[^"]*)".*?</form>', answer.content.decode(), re.S
        ):
            version = "visit_version" if found[1].endswith("job-sheet/") else "version"
            assert f'name="{version}" value="' in found[0], found[0]
            seen.add(found[1].rstrip("/").rsplit("/", 1)[1])

    client.force_login(open_salon.user("alice"))
    visit = begun(open_salon, minutes=20)
    for part in ("", "cancellation/", "no-show/", "schedule/", "job-sheet/"):
        look(url(open_salon, visit, part))
    client.force_login(open_salon.user("lea"))
    look(open_salon.url("my-day/"))
    look(url(open_salon, visit, "completion/"), post=True)
    look(open_salon.url("my-day/"))
    client.force_login(open_salon.user("alice"))
    look(url(open_salon, visit, "reopening/"))
    assert seen == {"start", "completion", "undo", "cancellation", "no-show", "schedule", "job-sheet", "reopening"}


def test_pressing_start_twice_is_no_conflict(open_salon: Business, client: Client) -> None:
    """(D6)"""
    client.force_login(open_salon.user("lea"))
    visit = begun(open_salon)
    for _press in range(2):
        answer = client.post(url(open_salon, visit, "start/"), {"back": "my-day", "version": "1"})
        assert answer.status_code == 303
    assert status(open_salon, visit) == Status.IN_PROGRESS
