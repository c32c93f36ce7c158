"""« Fermetures » in the set-up: closed days and holidays, with what stands on them shown first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from carnet.appointments.models import Appointment, Rearrangement, Status
from carnet.base.scopes import open_organisation
from carnet.resources.actions import add_closures, add_holidays
from carnet.resources.models import Closure
from tests.cast import Business, open_business
from tests.desk.test_absences import signed_in
from tests.desk.test_impact import hidden, refreshed, ticks


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return signed_in(open_salon, "alice")


def place(salon: Business, more: str = "closures") -> str:
    return salon.url(f"set-up/hours/{more}")


def closed(salon: Business) -> list[tuple[date, str, bool]]:
    with open_organisation(salon.organisation):
        return list(Closure.objects.values_list("on", "name", "holiday"))


def test_one_day_and_several_in_a_row_are_closed_under_a_name(alice: Client, open_salon: Business) -> None:
    day = open_salon.day
    one = {"first": day.isoformat(), "last": "", "name": "Inventaire"}
    assert alice.post(place(open_salon), one).status_code == 303
    start, end = day + timedelta(days=10), day + timedelta(days=12)
    several = {"first": start.isoformat(), "last": end.isoformat(), "name": "Congés d’été"}
    alice.post(place(open_salon), several)
    assert closed(open_salon) == [
        (day, "Inventaire", False),
        *((start + timedelta(days=ahead), "Congés d’été", False) for ahead in range(3)),
    ]
    page = alice.get(place(open_salon)).content.decode()
    # Days in a row are one line, opened again as one.
    assert page.count("Congés d’été") == 1
    assert "Inventaire" in alice.get(place(open_salon, "")[:-1]).content.decode()
    assert alice.post(place(open_salon, f"closures/{start}/reopening")).status_code == 303
    assert closed(open_salon) == [(day, "Inventaire", False)]
    assert alice.post(place(open_salon, f"closures/{start}/reopening")).status_code == 404


def test_a_day_that_is_closed_already_keeps_its_name(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        add_closures(open_salon.system, {open_salon.day: "Armistice"}, holiday=True)
    around = {
        "first": (open_salon.day - timedelta(days=1)).isoformat(),
        "last": (open_salon.day + timedelta(days=1)).isoformat(),
    }
    alice.post(place(open_salon), around | {"name": "Travaux"})
    assert [name for _on, name, _holiday in closed(open_salon)] == ["Travaux", "Armistice", "Travaux"]


def test_what_cannot_be_closed_is_said_beside_its_field_and_nothing_typed_is_lost(
    alice: Client, open_salon: Business
) -> None:
    day, past = open_salon.day.isoformat(), (open_salon.now.date() - timedelta(days=3)).isoformat()
    for typed, beside in (
        ({"first": past}, "first"),
        ({"first": ""}, "first"),
        ({"first": "tomorrowish"}, "first"),
        ({"last": past}, "last"),
        ({"last": (open_salon.now.date() + timedelta(days=1)).isoformat()}, "last"),
        ({"last": (open_salon.day + timedelta(days=800)).isoformat()}, "last"),
        ({"last": "31/12/2199"}, "last"),
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
    ):
        answer = alice.post(place(open_salon), {"first": day, "last": "", "name": "Congés", **typed})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert re.findall(r'<[^>]*aria-invalid="true"[^>]*id="closure-(\w+)"', page) == [beside], typed
        assert f'value="{typed.get("name", "Congés")}"' in page or not typed.get("name", "x")
    assert closed(open_salon) == []


def test_a_holiday_on_a_booked_day_shows_its_visits_and_cancels_nobody(alice: Client, open_salon: Business) -> None:
    """(C2) One of two visits is moved, the other stands on the closed day; undone in one step."""
    with open_organisation(open_salon.organisation):
        one, two = open_salon.book(at="10:00"), open_salon.book(at="15:00", member="max", customer="omar")
    typed = {"first": open_salon.day.isoformat(), "last": "", "name": "Inventaire"}
    page = alice.post(place(open_salon), typed).content.decode()
    assert closed(open_salon) == []
    assert "Closed: Inventaire" in page
    assert "2 visits are affected." in page
    assert "On a closed day." in page
    assert ticks(page) == {one.public_id_text: False, two.public_id_text: False}
    back = alice.post(place(open_salon), hidden(page) | {"impact-back": "1"})
    assert 'value="Inventaire"' in back.content.decode()

    done = alice.post(place(open_salon), hidden(page) | {"move": [one.public_id_text]})
    assert closed(open_salon) == [(open_salon.day, "Inventaire", False)]
    moved, stood = refreshed(open_salon, one, two)
    assert moved > open_salon.at("23:00")
    assert stood == open_salon.at("15:00")
    with open_organisation(open_salon.organisation):
        assert set(Appointment.objects.values_list("status", flat=True)) == {Status.SCHEDULED}
        assert Rearrangement.objects.get().title == "Inventaire"
    told = alice.get(done.headers["Location"]).content.decode()
    assert "1 visit is moved." in told
    assert 'href="/o/salon/set-up/hours/closures"' in told
    assert "Closed: Inventaire" in alice.get(place(open_salon, "")[:-1]).content.decode()

    assert alice.post(f"{done.headers['Location']}undo").status_code == 303
    assert closed(open_salon) == []
    assert refreshed(open_salon, one) == [open_salon.at("10:00")]


@pytest.fixture
def in_autumn(db: None, set_clock: Callable[[datetime], None]) -> Business:
    """The salon on a third of November, its holidays of that year kept."""
    now = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
    set_clock(now)
    salon = open_business("salon", now=now, day=date(2026, 11, 12))
    with open_organisation(salon.organisation):
        add_holidays(salon.system, range(2026, 2027))
    return salon


def proposed(page: str) -> dict[str, bool]:
    return {
        value: "checked" in rest
        for value, rest in re.findall(r'<input type="checkbox" name="days" value="(\S+)"(.*?)>', page)
    }


def test_next_years_holidays_are_proposed_ticked_and_kept_once_agreed_to(in_autumn: Business) -> None:
    alice = signed_in(in_autumn, "alice")
    page = alice.get(place(in_autumn)).content.decode()
    assert "Public holidays of France" in page
    found = proposed(page)
    assert set(found.values()) == {True}
    assert {day[:4] for day in found} == {"2027"}
    assert "2027-07-14" in found
    answer = alice.post(place(in_autumn), {"holidays": "1", "days": [day for day in found if day != "2027-05-08"]})
    assert answer.status_code == 303
    kept = {on.isoformat(): holiday for on, _name, holiday in closed(in_autumn) if on.year == 2027}
    assert kept == {day: True for day in found if day != "2027-05-08"}
    # On the one that was left out it stays open: it can be had later, and nobody is asked again.
    assert proposed(alice.get(place(in_autumn)).content.decode()) == {"2027-05-08": False}


def test_the_business_opens_on_a_holiday_and_may_close_on_it_again(in_autumn: Business) -> None:
    alice = signed_in(in_autumn, "alice")
    assert "Open on this holiday" in alice.get(place(in_autumn)).content.decode()
    assert alice.post(place(in_autumn, "closures/2026-11-11/reopening")).status_code == 303
    assert not any(on == date(2026, 11, 11) for on, *_more in closed(in_autumn))
    assert proposed(alice.get(place(in_autumn)).content.decode())["2026-11-11"] is False
    with open_organisation(in_autumn.organisation):
        visit = in_autumn.book(at="10:00", day=date(2026, 11, 11))
    page = alice.post(place(in_autumn), {"holidays": "1", "days": ["2026-11-11"]}).content.decode()
    assert "1 visit is affected." in page
    alice.post(place(in_autumn), hidden(page))
    assert (date(2026, 11, 11), True) in [(on, holiday) for on, _name, holiday in closed(in_autumn)]
    with open_organisation(in_autumn.organisation):
        assert Appointment.objects.get(pk=visit.pk).status == Status.SCHEDULED


def test_days_that_are_no_holidays_and_none_at_all_are_refused(in_autumn: Business) -> None:
    alice, before = signed_in(in_autumn, "alice"), closed(in_autumn)
    for days in ([], ["2027-07-15"], ["2026-05-01"], ["x"]):
        assert alice.post(place(in_autumn), {"holidays": "1", "days": days}).status_code == 422
    assert closed(in_autumn) == before
