"""« Horaires » of a member at the desk: hours of her own with breaks, what stands outside them shown first."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pytest
from django.test import Client

from carnet.appointments.models import Appointment, Status
from carnet.base.errors import StaleVersion
from carnet.base.scopes import open_organisation
from carnet.resources.actions import set_resource_hours
from carnet.resources.queries import hours_of, stamp_of
from tests.cast import Business
from tests.desk.test_absences import HTMX, address, signed_in
from tests.desk.test_impact import hidden, refreshed, ticks
from tests.together import together


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return signed_in(open_salon, "alice")


def hours(salon: Business) -> dict[int, tuple[tuple[int, int], ...]]:
    with open_organisation(salon.organisation):
        return hours_of(salon.resource("lea"))


def typed(salon: Business, on_the_day: str, **more: Any) -> dict[str, Any]:
    """Return the form with other hours on the tests' day."""
    week = {f"hours_{day}": "9:00–13:00, 14:00–18:00" if day < 6 else "" for day in range(7)}
    return {"whose": "own", **week, f"hours_{salon.day.weekday()}": on_the_day, **more}


def test_hours_of_her_own_have_breaks_and_she_may_follow_the_business_again(
    alice: Client, open_salon: Business
) -> None:
    where = f"{address(open_salon, more='hours')}?day={open_salon.day}"
    page = alice.get(where).content.decode()
    assert re.findall(r'name="whose" value="(\w+)"[^>]* checked', page) == ["own"]
    assert page.count('value="9:00–13:00, 14:00–18:00"') == 6
    answer = alice.post(where, typed(open_salon, "10:00–12:00, 12:30–16:00"))
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    assert hours(open_salon)[open_salon.day.weekday()] == ((600, 720), (750, 960))
    answer = alice.post(where, typed(open_salon, "", whose="business"), headers=HTMX)
    assert "day-changed" in answer.headers["HX-Trigger"]
    assert hours(open_salon) == {}
    page = alice.get(where).content.decode()
    assert re.findall(r'name="whose" value="(\w+)"[^>]* checked', page) == ["business"]
    # From there, hours of her own begin with those of the business.
    assert page.count('value="9:00–18:00"') == 6


def test_what_cannot_be_taken_is_said_beside_its_line_and_nothing_typed_is_lost(
    alice: Client, open_salon: Business
) -> None:
    before = hours(open_salon)
    for line in ("when I like", "9:00–12:00, 11:00–15:00", "25:00–26:00", "9:03–12:00"):
        answer = alice.post(address(open_salon, more="hours"), typed(open_salon, line))
        assert answer.status_code == 422
        assert f'value="{line}"' in answer.content.decode()
    nothing = {"whose": "own", **dict.fromkeys((f"hours_{day}" for day in range(7)), "")}
    answer = alice.post(address(open_salon, more="hours"), nothing)
    assert "Type the hours of one day at least" in answer.content.decode()
    for forged in ({}, {"whose": "mine"}):
        assert alice.post(address(open_salon, more="hours"), forged).status_code == 422
    assert hours(open_salon) == before


def test_shorter_hours_show_what_stands_outside_and_an_undo_brings_them_back(
    alice: Client, open_salon: Business
) -> None:
    """(C1) One of two visits is handed to Max; the other stands outside her hours."""
    with open_organisation(open_salon.organisation):
        one, two = open_salon.book(at="10:00"), open_salon.book(at="10:45", customer="omar")
        open_salon.book(at="14:00", day=open_salon.day)
    before, where = hours(open_salon), address(open_salon, more="hours")
    page = alice.post(where, typed(open_salon, "14:00–18:00"), headers=HTMX).content.decode()
    assert "Lea: hours changed" in page
    assert "2 visits are affected." in page
    assert "Outside the new hours." in page
    assert ticks(page) == {one.public_id_text: False, two.public_id_text: False}
    assert hours(open_salon) == before
    back = alice.post(where, hidden(page) | {"impact-back": "1"}).content.decode()
    assert 'value="14:00–18:00"' in back

    done = alice.post(where, hidden(page) | {"move": [one.public_id_text]})
    assert hours(open_salon)[open_salon.day.weekday()] == ((840, 1080),)
    assert refreshed(open_salon, one, two) == [open_salon.at("10:00"), open_salon.at("10:45")]
    with open_organisation(open_salon.organisation):
        assert set(Appointment.objects.values_list("status", flat=True)) == {Status.SCHEDULED}
        assert one.segments.get().segment_members.get().member == open_salon.members["max"]
    assert "Lea: hours changed" in alice.get(where).content.decode()
    undo = f"{done.headers['Location']}undo"
    assert alice.post(undo).status_code == 303
    assert hours(open_salon) == before
    with open_organisation(open_salon.organisation):
        assert one.segments.get().segment_members.get().member == open_salon.members["lea"]


def test_hours_that_were_changed_again_are_not_undone(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
    where = address(open_salon, more="hours")
    page = alice.post(where, typed(open_salon, "14:00–18:00")).content.decode()
    done = alice.post(where, hidden(page))
    alice.post(where, typed(open_salon, "15:00–18:00"))
    again = hours(open_salon)
    answer = alice.post(f"{done.headers['Location']}undo")
    assert "changed again since" in answer.content.decode()
    assert hours(open_salon) == again


def test_only_who_may_set_hours_reads_or_changes_them(alice: Client, open_salon: Business) -> None:
    before = hours(open_salon)
    for name in ("bea", "lea"):
        client = signed_in(open_salon, name)
        assert client.get(address(open_salon, more="hours")).status_code == 403
        assert client.post(address(open_salon, more="hours"), typed(open_salon, "")).status_code == 403
    assert hours(open_salon) == before


def test_a_second_editor_of_her_hours_is_shown_what_the_first_has_set(alice: Client, open_salon: Business) -> None:
    """(D1)"""
    where = address(open_salon, more="hours")
    seen = hidden(alice.get(where).content.decode())
    assert seen["seen"]
    assert alice.post(where, typed(open_salon, "10:00–12:00", **seen), headers=HTMX).status_code == 200
    second = alice.post(where, typed(open_salon, "14:00–16:00", **seen), headers=HTMX)
    assert second.status_code == 412
    page = second.content.decode()
    assert "Someone else changed this" in page
    assert 'value="10:00–12:00"' in page
    assert hours(open_salon)[open_salon.day.weekday()] == ((600, 720),)
    # With what is so now it is taken.
    again = typed(open_salon, "14:00–16:00", **hidden(page))
    assert alice.post(where, again, headers=HTMX).status_code == 200
    assert hours(open_salon)[open_salon.day.weekday()] == ((840, 960),)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_her_hours_at_the_same_moment_one_is_told(open_salon: Business) -> None:
    """(D1)"""
    with open_organisation(open_salon.organisation):
        resource, access = open_salon.resource("lea"), open_salon.access("alice")
        seen = stamp_of(hours_of(resource))
    results = together(
        open_salon,
        *(partial(set_resource_hours, access, resource, {0: [(540, end)]}, seen=seen) for end in (600, 660)),
    )
    assert sum(isinstance(one, StaleVersion) for one in results) == 1, results
