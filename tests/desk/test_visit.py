"""The visit's sheet: what it shows, what it lets whom do, and how it says no."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.core import mail
from django.test import Client

from carnet.appointments.actions import cancel_appointment, start_appointment
from carnet.appointments.models import Appointment, Status
from carnet.base.scopes import open_organisation
from carnet.desk.queries.appointments import my_day, possible_for, state_of, visible_appointments
from carnet.desk.queries.history import record_history
from carnet.jobsheets.actions import complete_appointment
from carnet.organisations.models import Activity
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def seen(salon: Business, name: str, appointment: Appointment, at: str = "") -> tuple[Appointment, set[str]]:
    """Return the visit as `name` sees it at `at`, and the names of what she may do with it."""
    access = salon.access(name, now=salon.at(at) if at else None)
    found = visible_appointments(access).get(pk=appointment.pk)
    possible = possible_for(access, found)
    return found, {name for name in possible.__dataclass_fields__ if getattr(possible, name)} - {"book_again"}


def test_what_can_be_done_follows_from_state_time_and_profile(salon: Business) -> None:
    visit = salon.book("haircut", at="10:00")
    assert seen(salon, "bea", visit)[1] == {"move", "cancel"}
    assert seen(salon, "bea", visit, "09:30")[1] == {"start", "move", "cancel"}
    assert seen(salon, "bea", visit, "10:10")[1] == {"start", "complete", "move", "cancel", "no_show"}
    assert seen(salon, "lea", visit, "10:10")[1] == {"start", "complete", "no_show"}
    start_appointment(salon.access("lea", now=salon.at("10:05")), visit)
    assert seen(salon, "bea", visit, "10:10")[1] == {"complete"}
    complete_appointment(salon.access("lea", now=salon.at("10:40")), visit)
    assert seen(salon, "lea", visit, "10:45")[1] == {"undo"}
    assert seen(salon, "lea", visit, "10:55")[1] == set()
    assert seen(salon, "bea", visit, "10:45")[1] == set()
    assert seen(salon, "alice", visit, "10:45")[1] == {"reopen"}


def test_a_visit_whose_time_has_passed_is_to_close(salon: Business) -> None:
    visit = salon.book("haircut", at="10:00")
    lea = salon.access("lea", now=salon.at("10:45"))
    assert state_of(salon.access("lea", now=salon.at("10:44")), visit) == "scheduled"
    assert state_of(lea, visit) == "to_close"
    complete_appointment(lea, visit)
    visit.refresh_from_db()
    assert state_of(lea, visit) == "completed"


def test_the_history_tells_each_move_and_its_reason_newest_first(salon: Business) -> None:
    from carnet.appointments.actions import reschedule_appointment

    visit = salon.book("haircut", at="10:00")
    bea = salon.access("bea", now=salon.now + timedelta(minutes=5))
    reschedule_appointment(
        bea, visit, salon.at("15:00"), member=salon.members["max"], reason="team", note="Léa is away"
    )
    cancel_appointment(
        salon.access("bea", now=salon.now + timedelta(minutes=9)), visit, reason="customer", note="is ill"
    )
    told = record_history(bea, visit)
    assert [line.sentence for line in told][0:1] == ["Cancelled by the customer"] or told[0].note == "is ill"
    assert told[0].note == "is ill"
    assert told[1].note == "Lea → Max · Léa is away"
    assert [line.who for line in told] == ["Bea", "Bea", "Bea"]


@pytest.mark.guard("visible")
def test_my_day_holds_my_own_visits_in_order_and_nobody_else_s(salon: Business) -> None:
    """(I12)"""
    late = salon.book("haircut", at="15:00", member="lea")
    early = salon.book("haircut", at="09:00", member="lea", customer="omar")
    salon.book("haircut", at="10:00", member="max", customer="nobody")
    cancelled = salon.book("haircut", at="11:00", member="lea")
    cancel_appointment(salon.access("bea"), cancelled, reason="customer")
    day = my_day(salon.access("lea", now=salon.at("09:10")))
    assert [visit.appointment for visit in day.visits] == [early, late]
    assert day.next is not None
    assert day.next.appointment == early
    assert visible_appointments(salon.access("lea")).count() == 3
    assert [visit.appointment for visit in my_day(salon.access("bea"), salon.day).visits] == []


def test_forgotten_visits_of_earlier_days_stand_on_top_of_today_only(salon: Business) -> None:
    forgotten = salon.book("haircut", at="10:00")
    next_day = salon.access("lea", now=salon.at("10:00") + timedelta(days=1))
    assert [visit.appointment for visit in my_day(next_day).to_close] == [forgotten]
    assert my_day(next_day, salon.day).to_close == []


def test_the_statements_for_my_day_do_not_grow_with_it(salon: Business, django_assert_max_num_queries: object) -> None:
    for hour in (9, 10, 11, 12, 14, 15, 16):
        salon.book("haircut", at=f"{hour:02}:00")
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert len(my_day(salon.access("lea"), salon.day).visits) == 7


# Through the pages


@pytest.fixture
def lea(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("lea"))
    return client


@pytest.fixture
def bea(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("bea"))
    return client


def booked(business: Business, service: str = "haircut", at: str = "10:00", **more: object) -> Appointment:
    with open_organisation(business.organisation):
        return business.book(service, at=at, **more)  # type: ignore[arg-type]


def begun(business: Business, service: str = "haircut", *, minutes: int = 0, **more: object) -> Appointment:
    """Return a visit that has begun, this minute or some minutes ago."""
    start = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=minutes)
    with open_organisation(business.organisation):
        visit = business.book(service, at="10:00", **more)  # type: ignore[arg-type]
        # Stands for time passing: pages read the real clock.
        Appointment.objects.filter(pk=visit.pk).update(starts_at=start, ends_at=start + timedelta(minutes=45))
    return visit


def url(business: Business, visit: Appointment, part: str = "") -> str:
    return business.url(f"appointments/{visit.public_id}/{part}")


def status(business: Business, visit: Appointment) -> str:
    with open_organisation(business.organisation):
        return Appointment.objects.get(pk=visit.pk).status


def test_the_sheet_shows_the_visit_alone_for_htmx_and_beside_its_day_otherwise(
    open_salon: Business, bea: Client
) -> None:
    visit = booked(open_salon, note="Window <seat>")
    whole = unescape(bea.get(url(open_salon, visit)).content.decode())
    fragment = unescape(bea.get(url(open_salon, visit), headers=HTMX).content.decode())
    for page in (whole, fragment):
        assert "Véra Élan" in page
        assert "Coupe" in page
        assert "35,00" in page or "35.00" in page
        assert 'href="tel:+33612345678"' in page
    assert "<html" in whole
    assert "<html" not in fragment
    assert "Window &lt;seat&gt;" in bea.get(url(open_salon, visit)).content.decode()


@pytest.mark.guard("visible")
def test_a_provider_finds_no_visit_of_a_colleague_and_a_stranger_none_at_all(
    open_salon: Business, open_garage: Business, client: Client
) -> None:
    """(I1, I12)"""
    visit = booked(open_salon, member="max")
    client.force_login(open_salon.user("lea"))
    assert client.get(url(open_salon, visit)).status_code == 404
    assert client.post(url(open_salon, visit, "start/")).status_code == 404
    client.force_login(open_garage.user("alice"))
    assert client.get(url(open_salon, visit)).status_code == 404
    assert client.get(url(open_garage, visit)).status_code == 404


def test_start_and_complete_without_javascript_lead_back_to_my_day(open_salon: Business, lea: Client) -> None:
    visit = begun(open_salon)
    answer = lea.post(url(open_salon, visit, "start/"), {"back": "my-day"})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (303, open_salon.url("my-day/"))
    assert status(open_salon, visit) == Status.IN_PROGRESS
    answer = lea.post(url(open_salon, visit, "completion/"), {"back": "my-day"})
    assert answer.status_code == 303
    assert status(open_salon, visit) == Status.COMPLETED


def test_after_a_change_the_day_looks_again_and_a_toast_offers_to_take_it_back(
    open_salon: Business, lea: Client
) -> None:
    visit = begun(open_salon)
    answer = lea.post(url(open_salon, visit, "completion/"), headers=HTMX)
    assert answer.status_code == 200
    assert "day-changed" in answer["HX-Trigger"]
    assert f'action="{url(open_salon, visit, "undo/")}"' in answer.content.decode()
    lea.post(url(open_salon, visit, "undo/"), headers=HTMX)
    assert status(open_salon, visit) == Status.SCHEDULED


def test_cancelling_asks_for_reason_and_note_and_keeps_both(open_salon: Business, bea: Client) -> None:
    visit = booked(open_salon)
    page = bea.get(url(open_salon, visit, "cancellation/"))
    assert page.status_code == 200
    assert 'value="customer"' in page.content.decode()
    wrong = bea.post(url(open_salon, visit, "cancellation/"), {"reason": "weather"}, headers=HTMX)
    assert wrong.status_code == 422
    assert status(open_salon, visit) == Status.SCHEDULED
    done = bea.post(url(open_salon, visit, "cancellation/"), {"reason": "team", "note": "Léa is ill", "version": "1"})
    assert done.status_code == 303
    assert status(open_salon, visit) == Status.CANCELLED
    assert "Léa is ill" in unescape(bea.get(url(open_salon, visit)).content.decode())


def test_a_change_on_what_somebody_else_changed_meanwhile_is_refused_and_says_so(
    open_salon: Business, bea: Client
) -> None:
    """(D1)"""
    visit = booked(open_salon)
    stale = bea.post(url(open_salon, visit, "cancellation/"), {"reason": "team", "version": "7"}, headers=HTMX)
    assert stale.status_code == 412
    assert 'role="alert"' in stale.content.decode()
    assert status(open_salon, visit) == Status.SCHEDULED


def test_a_provider_does_not_cancel_and_nothing_has_changed(open_salon: Business, lea: Client) -> None:
    """(I10)"""
    visit = booked(open_salon)
    for part in ("cancellation/", "schedule/", "reopening/"):
        assert lea.get(url(open_salon, visit, part)).status_code == 403
        assert lea.post(url(open_salon, visit, part), {"reason": "team"}).status_code == 403
    with open_organisation(open_salon.organisation):
        assert Activity.objects.filter(subject_id=visit.pk, subject_kind="appointment").count() == 1
    assert status(open_salon, visit) == Status.SCHEDULED


def test_completing_what_has_been_cancelled_is_refused_with_its_state(open_salon: Business, bea: Client) -> None:
    """(A8)"""
    visit = begun(open_salon)
    with open_organisation(open_salon.organisation):
        cancel_appointment(open_salon.access("bea", now=datetime.now(UTC)), visit, reason="customer")
    answer = bea.post(url(open_salon, visit, "completion/"), headers=HTMX)
    assert answer.status_code == 409
    assert 'role="alert"' in answer.content.decode()
    assert status(open_salon, visit) == Status.CANCELLED


def test_moving_lists_free_starts_and_takes_one(open_salon: Business, bea: Client) -> None:
    visit = booked(open_salon)
    other = booked(open_salon, at="11:00", customer="omar")
    page = bea.get(url(open_salon, visit, "schedule/")).content.decode()
    free, taken = open_salon.at("15:00"), open_salon.at("11:00")
    zone = open_salon.zone
    assert f'value="{free.astimezone(zone).isoformat()}"' in page
    assert f'value="{taken.astimezone(zone).isoformat()}"' not in page
    refused = bea.post(
        url(open_salon, visit, "schedule/"),
        {"start": taken.isoformat(), "reason": "customer", "note": "Half past, please", "who": "same"},
        headers=HTMX,
    )
    assert refused.status_code == 409
    assert "Half past, please" in refused.content.decode()
    assert "Omar" not in refused.content.decode()
    moved = bea.post(
        url(open_salon, visit, "schedule/"), {"start": free.isoformat(), "reason": "customer", "who": "same"}
    )
    assert moved.status_code == 303
    with open_organisation(open_salon.organisation):
        assert Appointment.objects.get(pk=visit.pk).starts_at == free
        assert Appointment.objects.get(pk=other.pk).starts_at == taken


def test_a_visit_moves_to_another_member_and_to_anyone(open_salon: Business, bea: Client) -> None:
    visit = booked(open_salon)
    booked(open_salon, at="15:00", customer="omar")
    max_id = str(open_salon.members["max"].public_id)
    at = open_salon.at("15:00")
    for who in (max_id, "anyone"):
        page = bea.get(url(open_salon, visit, f"schedule/?who={who}&day={open_salon.day}"))
        assert f'value="{at.astimezone(open_salon.zone).isoformat()}"' in page.content.decode()
    same = bea.get(url(open_salon, visit, f"schedule/?day={open_salon.day}"))
    assert f'value="{at.astimezone(open_salon.zone).isoformat()}"' not in same.content.decode()
    bea.post(url(open_salon, visit, "schedule/"), {"start": at.isoformat(), "reason": "team", "who": max_id})
    with open_organisation(open_salon.organisation):
        moved = visible_appointments(open_salon.access("bea")).get(pk=visit.pk)
        assert moved.starts_at == at
        assert [row.member.name for row in moved.segments.get().segment_members.all()] == ["Max"]


@pytest.mark.parametrize("start", ["", "noon", "2026-03-11T10:00", "9999-12-31T23:00:00+00:00", "0001-01-01T00:00Z"])
def test_a_start_that_is_no_instant_is_refused_beside_the_times(open_salon: Business, bea: Client, start: str) -> None:
    """(G5)"""
    visit = booked(open_salon)
    answer = bea.post(url(open_salon, visit, "schedule/"), {"start": start, "reason": "team"}, headers=HTMX)
    assert answer.status_code == 422
    assert 'id="move-start-error"' in answer.content.decode()


@pytest.mark.parametrize("query", ["?day=9999-12-31", "?day=0001-01-01", "?from=9999-12-30", "?day=x&who=%00"])
def test_far_and_broken_days_are_answered_like_today(open_salon: Business, bea: Client, query: str) -> None:
    visit = booked(open_salon)
    assert bea.get(url(open_salon, visit, "schedule/" + query)).status_code == 200


def test_an_administrator_reopens_with_a_reason(open_salon: Business, client: Client) -> None:
    visit = booked(open_salon)
    with open_organisation(open_salon.organisation):
        cancel_appointment(open_salon.access("bea"), visit, reason="customer")
    client.force_login(open_salon.user("alice"))
    assert client.post(url(open_salon, visit, "reopening/"), {"reason": " "}).status_code == 422
    assert client.post(url(open_salon, visit, "reopening/"), {"reason": "called back"}).status_code == 303
    assert status(open_salon, visit) == Status.SCHEDULED
    assert mail.outbox == []


def test_no_show_is_noted_and_can_be_taken_back(open_salon: Business, lea: Client) -> None:
    visit = begun(open_salon, minutes=20)
    assert lea.get(url(open_salon, visit, "no-show/")).status_code == 200
    lea.post(url(open_salon, visit, "no-show/"), {"note": "no answer", "version": "1"})
    assert status(open_salon, visit) == Status.NO_SHOW
    lea.post(url(open_salon, visit, "undo/"))
    assert status(open_salon, visit) == Status.SCHEDULED


def test_my_day_shows_the_way_the_number_and_how_to_get_in(open_salon: Business, lea: Client) -> None:
    visit = booked(open_salon, "garden", at="09:00")
    page = unescape(lea.get(open_salon.url(f"my-day/?day={open_salon.day}")).content.decode())
    assert "https://www.openstreetmap.org/search?query=3+rue+des+Lilas" in page
    assert 'href="tel:+33612345678"' in page
    assert "Code 4521" in page
    assert f"my-visit-{visit.public_id}" in page


@pytest.mark.parametrize("day", ["", "x", "9999-12-31", "0001-01-01"])
def test_my_day_bears_any_day_in_its_address(open_salon: Business, lea: Client, day: str) -> None:
    """(G5)"""
    assert lea.get(open_salon.url(f"my-day/?day={day}")).status_code in (200, 404)


def test_nothing_changes_by_get(open_salon: Business, lea: Client) -> None:
    """(J4)"""
    visit = begun(open_salon)
    for part in ("start/", "completion/", "undo/"):
        assert lea.get(url(open_salon, visit, part)).status_code == 405
    assert status(open_salon, visit) == Status.SCHEDULED
