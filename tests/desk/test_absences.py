"""« Absences » at the desk: noted from the column or the member's line, with what stands in them shown first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.http import HttpResponse
from django.test import Client

from carnet.appointments.models import Rearrangement
from carnet.base.scopes import open_organisation
from carnet.organisations.models import Profile
from carnet.resources.actions import add_time_off, set_resource_hours
from carnet.resources.models import TimeOff
from tests.cast import Business
from tests.desk.test_impact import hidden, refreshed, ticks

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return signed_in(open_salon, "alice")


def signed_in(salon: Business, name: str) -> Client:
    client = Client()
    client.force_login(salon.user(name))
    return client


def address(salon: Business, name: str = "lea", more: str = "absences/") -> str:
    return salon.url(f"members/{salon.members[name].public_id}/{more}")


def noted(salon: Business) -> list[tuple[str, str, str]]:
    """Return the absences as local moments, and why."""
    with open_organisation(salon.organisation):
        found = [(_wall(salon, off.starts_at), _wall(salon, off.ends_at), off.reason) for off in TimeOff.objects.all()]
    return sorted(found)


def _wall(salon: Business, at: datetime) -> str:
    return f"{at.astimezone(salon.zone):%Y-%m-%d %H:%M}"


def period(salon: Business, first: str = "", last: str = "", **more: Any) -> dict[str, Any]:
    day = salon.day.isoformat()
    return {"when": "period", "starts_on": first or day, "ends_on": last or day, **more}


def errors(answer: HttpResponse) -> list[str]:
    """Return the ids of the fields beside which something is said."""
    assert answer.status_code == 422
    return re.findall(r'<[^>]*aria-invalid="true"[^>]*id="absence-(\w+)"', answer.content.decode())


def test_the_head_of_a_column_leads_to_its_absences(alice: Client, open_salon: Business) -> None:
    page = alice.get(open_salon.url(f"day/{open_salon.day}/")).content.decode()
    for name in ("lea", "max"):
        assert f'href="{address(open_salon, name)}?day={open_salon.day}"' in page
    sheet = alice.get(f"{address(open_salon)}?day={open_salon.day}", headers=HTMX).content.decode()
    # The day whose column it was is proposed.
    assert re.findall(r'name="when" value="(\w+)"[^>]* checked', sheet) == ["period"]
    assert sheet.count(f'value="{open_salon.day}"') >= 3
    for name in ("bea", "lea"):
        others = signed_in(open_salon, name)
        assert "/absences/" not in others.get(open_salon.url(f"day/{open_salon.day}/")).content.decode()
        assert others.get(address(open_salon)).status_code == 403
        assert others.post(address(open_salon), period(open_salon)).status_code == 403


def test_on_a_closed_day_without_columns_the_members_stand_by_name(alice: Client, open_salon: Business) -> None:
    """Who falls ill on a Sunday is noted on Sunday."""
    sunday = open_salon.day + timedelta(days=(6 - open_salon.day.weekday()) % 7)
    page = alice.get(open_salon.url(f"day/{sunday}/")).content.decode()
    assert 'id="day-grid"' not in page
    for name in ("lea", "max"):
        assert page.count(f'href="{address(open_salon, name)}?day={sunday}"') == 1
    assert "calendar-people" not in signed_in(open_salon, "bea").get(open_salon.url(f"day/{sunday}/")).content.decode()


def test_the_members_page_leads_to_the_absences_of_those_who_have_a_column(alice: Client, open_salon: Business) -> None:
    page = alice.get(open_salon.url("set-up/members/")).content.decode()
    assert address(open_salon) in page


def test_days_are_noted_whole_and_seen_in_the_column_with_the_comment(alice: Client, open_salon: Business) -> None:
    last = open_salon.day + timedelta(days=2)
    where = f"{address(open_salon)}?day={open_salon.day}"
    answer = alice.post(where, period(open_salon, last=last.isoformat(), reason="Congés"))
    assert (answer.status_code, answer.headers["Location"]) == (303, where)
    assert noted(open_salon) == [(f"{open_salon.day} 00:00", f"{last + timedelta(days=1)} 00:00", "Congés")]
    page = alice.get(where).content.decode()
    assert "Lea is absent:" in page
    column = page.partition('class="day-column" id="column-')[2]
    assert "Away · <bdi>Congés</bdi>" in column
    # Who may not set hours learns that she is absent, not why.
    others = signed_in(open_salon, "bea").get(open_salon.url(f"day/{open_salon.day}/")).content.decode()
    assert "Away" in others
    assert "Congés" not in others


def test_htmx_gets_the_list_anew_and_the_day_looks_again(alice: Client, open_salon: Business) -> None:
    answer = alice.post(address(open_salon), period(open_salon, starts_time="9:00", ends_time="10h30"), headers=HTMX)
    assert answer.status_code == 200
    assert "day-changed" in answer.headers["HX-Trigger"]
    assert "9:00–10:30" in answer.content.decode()
    assert noted(open_salon) == [(f"{open_salon.day} 09:00", f"{open_salon.day} 10:30", "")]


def test_half_a_day_is_a_morning_or_an_afternoon(alice: Client, open_salon: Business) -> None:
    for when in ("morning", "afternoon"):
        alice.post(address(open_salon), {"when": when, "on": open_salon.day.isoformat()})
    day, next_day = open_salon.day, open_salon.day + timedelta(days=1)
    # At one her break begins.
    assert [found[:2] for found in noted(open_salon)] == [
        (f"{day} 00:00", f"{day} 13:00"),
        (f"{day} 13:00", f"{next_day} 00:00"),
    ]


@pytest.fixture
def stopped(db: None, set_clock: Callable[[datetime], None]) -> Callable[[datetime], Client]:
    """Return a function that stops the clock and signs Alice in."""
    from tests.cast import open_business

    salon = open_business("salon")

    def at(instant: datetime) -> Client:
        set_clock(instant)
        client = signed_in(salon, "alice")
        client.salon = salon  # type: ignore[attr-defined]
        return client

    return at


def test_the_rest_of_today_lasts_until_midnight_also_of_a_day_of_25_hours(
    stopped: Callable[[datetime], Client],
) -> None:
    """(B3)"""
    alice = stopped(datetime(2026, 10, 25, 0, 30, tzinfo=UTC))  # 2:30, for the first time
    salon: Business = alice.salon  # type: ignore[attr-defined]
    assert alice.post(address(salon), {"when": "today"}).status_code == 303
    with open_organisation(salon.organisation):
        off = TimeOff.objects.get()
    assert (off.starts_at, off.ends_at) == (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 23, 0, tzinfo=UTC),
    )


def test_the_rest_of_today_takes_a_shift_past_midnight_along(stopped: Callable[[datetime], Client]) -> None:
    alice = stopped(datetime(2026, 3, 27, 19, 0, tzinfo=UTC))  # a Friday, 20:00
    salon: Business = alice.salon  # type: ignore[attr-defined]
    with open_organisation(salon.organisation):
        set_resource_hours(salon.access("alice"), salon.resource("lea"), {4: [(18 * 60, 26 * 60)]})
    alice.post(address(salon), {"when": "today"})
    assert [found[:2] for found in noted(salon)] == [("2026-03-27 20:00", "2026-03-28 02:00")]


def test_hours_on_the_night_of_a_clock_change(stopped: Callable[[datetime], Client]) -> None:
    """(B1, B2)"""
    alice = stopped(datetime(2026, 3, 3, 8, 0, tzinfo=UTC))
    salon: Business = alice.salon  # type: ignore[attr-defined]
    spring = period(salon, "2026-03-29", "2026-03-29", starts_time="2:30", ends_time="4:00")
    assert errors(alice.post(address(salon), spring)) == ["starts_time"]
    autumn = period(salon, "2026-10-25", "2026-10-25", starts_time="2:00", ends_time="2:30")
    assert alice.post(address(salon), autumn).status_code == 303
    with open_organisation(salon.organisation):
        off = TimeOff.objects.get()
    # From the first two o'clock to the second half past two.
    assert off.ends_at - off.starts_at == timedelta(hours=1, minutes=30)
    assert "2:00 (+0200)–2:30 (+0100)" in alice.get(address(salon)).content.decode()
    whole = period(salon, "2026-03-29", "2026-03-29")
    alice.post(address(salon), whole)
    with open_organisation(salon.organisation):
        assert TimeOff.objects.exclude(pk=off.pk).get().starts_at.astimezone(ZoneInfo("Europe/Paris")).hour == 0


def test_what_cannot_be_taken_is_said_beside_its_field_and_nothing_typed_is_lost(
    alice: Client, open_salon: Business
) -> None:
    day = open_salon.day
    before, year = (day - timedelta(days=1)).isoformat(), timedelta(days=365)
    long_past = (open_salon.now.date() - timedelta(days=30)).isoformat()
    for typed, beside in (
        (period(open_salon, last=before), "ends_on"),
        (period(open_salon, starts_time="12:00", ends_time="9:00"), "ends_time"),
        (period(open_salon, starts_time="9:00", ends_time="9:00"), "ends_time"),
        (period(open_salon, long_past, long_past), "ends_on"),
        (period(open_salon, last=(day + 3 * year).isoformat()), "ends_on"),
        (period(open_salon, "9/9/2199", "9/9/2199"), "starts_on"),
        (period(open_salon, "soon"), "starts_on"),
        (period(open_salon) | {"ends_on": ""}, "ends_on"),
        (period(open_salon, starts_time="25:00"), "starts_time"),
        ({"when": "morning", "on": long_past}, "on"),
        ({"when": "afternoon", "on": ""}, "on"),
        (period(open_salon, reason="x" * 121), "reason"),
    ):
        typed = {"reason": "Chez le « dentiste »", **typed}
        answer = alice.post(address(open_salon), typed)
        assert errors(answer) == [beside], typed
        page = answer.content.decode()
        assert all(f'value="{value}"' in page for value in typed.values() if value), typed
    for forged in ({}, {"when": "ever"}, {"when": ["today", "x"], "on": "\x00"}):
        assert alice.post(address(open_salon), forged).status_code == 422
    assert noted(open_salon) == []


def test_what_stands_in_it_is_shown_first_and_only_what_is_ticked_is_moved(alice: Client, open_salon: Business) -> None:
    """(C1) Two visits stand in the absence: one is handed to Max, the other stands, and all is undone in one step."""
    with open_organisation(open_salon.organisation):
        one, two = open_salon.book(at="10:00"), open_salon.book(at="10:45", customer="omar")
    typed = period(open_salon, reason="Dentist")
    where = f"{address(open_salon)}?day={open_salon.day}"
    answer = alice.post(where, typed, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, noted(open_salon)) == (200, [])
    assert "Lea: absent" in page
    assert "2 visits are affected." in page
    assert "In the time of the absence." in page
    assert "same time, with Max" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).replace(" ,", ",")
    assert ticks(page) == {one.public_id_text: False, two.public_id_text: False}

    back = alice.post(where, hidden(page) | {"impact-back": "1"})
    assert back.status_code == 422
    assert 'value="Dentist"' in back.content.decode()

    done = alice.post(where, hidden(page) | {"move": [one.public_id_text]})
    assert done.status_code == 303
    assert noted(open_salon) == [(f"{open_salon.day} 00:00", f"{open_salon.day + timedelta(days=1)} 00:00", "Dentist")]
    assert refreshed(open_salon, one, two) == [open_salon.at("10:00"), open_salon.at("10:45")]
    # The day whose column it was still lies behind.
    assert done.headers["Location"].endswith(f"?day={open_salon.day}")
    told = alice.get(done.headers["Location"]).content.decode()
    assert f'data-address="{open_salon.url(f"day/{open_salon.day}/")}"' in told
    assert "1 visit is moved." in told
    assert "1 stands as it was." in told
    with open_organisation(open_salon.organisation):
        made = Rearrangement.objects.get()
    assert f"members/changes/{made.public_id}/" in alice.get(address(open_salon)).content.decode()
    assert "changes/" not in alice.get(address(open_salon, "max")).content.decode()

    assert alice.post(done.headers["Location"].replace("?", "undo?")).status_code == 303
    assert noted(open_salon) == []


def test_an_absence_is_taken_away_and_one_that_has_begun_is_ended(alice: Client, open_salon: Business) -> None:
    now = datetime.now(UTC)
    with open_organisation(open_salon.organisation):
        lea = open_salon.resource("lea")
        begun = add_time_off(open_salon.system, lea, now - timedelta(days=1), now + timedelta(days=1))
        planned = add_time_off(open_salon.system, lea, open_salon.at("09:00"), open_salon.at("12:00"))
    page = alice.get(address(open_salon)).content.decode()
    assert ("End now" in page, "Remove" in page) == (True, True)
    assert alice.post(address(open_salon, more=f"absences/{planned.public_id}/end")).status_code == 303
    answer = alice.post(address(open_salon, more=f"absences/{begun.public_id}/end"), headers=HTMX)
    assert "The absence is over." in answer.content.decode()
    with open_organisation(open_salon.organisation):
        assert TimeOff.objects.get().ends_at < now + timedelta(hours=1)


def test_another_members_absence_cannot_be_named_in_the_address(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        off = add_time_off(
            open_salon.system, open_salon.resource("max"), open_salon.at("09:00"), open_salon.at("12:00")
        )
    assert alice.post(address(open_salon, more=f"absences/{off.public_id}/end")).status_code == 404
    assert len(noted(open_salon)) == 1


def test_members_of_others_and_members_out_of_reach_do_not_exist(
    alice: Client, open_salon: Business, open_garage: Business
) -> None:
    """(I1)"""
    theirs = open_salon.url(f"members/{open_garage.members['lea'].public_id}/absences/")
    assert alice.get(theirs).status_code == 404
    assert alice.post(theirs, period(open_salon)).status_code == 404
    Profile._base_manager.filter(pk=open_salon.members["lea"].profile_id).update(
        permissions=["appointments.see", "resources.edit"]
    )
    lea = signed_in(open_salon, "lea")
    assert lea.get(address(open_salon)).status_code == 200
    assert lea.get(address(open_salon, "max")).status_code == 404
    assert lea.post(address(open_salon, "max"), period(open_salon)).status_code == 404
    assert noted(open_salon) == []
