"""What is over is deleted by the worker: sessions, wishes for another address, tries that count no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from carnet.base.tasks import interrupts_tasks
from carnet.organisations import background
from carnet.organisations.actions.email_change import LASTS, wish_for_email
from carnet.organisations.back_off import FORGOTTEN_AFTER, TooManyTries, count_try, doors_to
from carnet.organisations.background import forget_what_has_expired
from carnet.organisations.models import EmailChange, SignIn, Tries
from tests.cast import Business
from tests.together import together

DOORS = doors_to("bea@salon.example", "192.0.2.1")


def clients(business: Business, number: int) -> list[Client]:
    made = [Client() for _number in range(number)]
    for client in made:
        client.force_login(business.user("bea"))
    return made


def test_only_what_is_over_is_deleted(open_salon: Business, set_clock: Callable[[datetime], None]) -> None:
    now = datetime.now(UTC)
    here, gone = clients(open_salon, 2)
    SignIn.objects.filter(session_key=gone.session.session_key).update(expire_date=now)
    wish_for_email(open_salon.user("bea"), "b@mail.example", now)
    wish_for_email(open_salon.user("lea"), "l@mail.example", now - LASTS)
    count_try(DOORS, now - FORGOTTEN_AFTER)
    count_try(doors_to("lea@salon.example", "192.0.2.2"), now)
    set_clock(now)
    forget_what_has_expired()
    assert here.get("/o/salon/").status_code == 200
    assert list(SignIn.objects.values_list("session_key", flat=True)) == [here.session.session_key]
    assert EmailChange.objects.get().user == open_salon.user("bea")
    assert Tries.objects.count() == 3
    assert not Tries.objects.filter(door__in=[one.key for one in DOORS]).exists()


def test_a_door_that_is_shut_stays_so(db: None, set_clock: Callable[[datetime], None]) -> None:
    """(J1) However long ago the last failure is: what is told of a wait is kept."""
    now = datetime.now(UTC)
    count_try(DOORS, now - timedelta(hours=2))
    Tries.objects.update(shut_until=now + timedelta(seconds=1))
    set_clock(now)
    forget_what_has_expired()
    with pytest.raises(TooManyTries):
        count_try(DOORS, now)


def test_it_goes_in_small_steps_and_stops_when_the_worker_is_to(
    open_salon: Business, set_clock: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "ROWS", 2)
    clients(open_salon, 7)
    set_clock(datetime.now(UTC) + timedelta(days=365))
    interrupts_tasks(lambda: True)
    try:
        forget_what_has_expired()
    finally:
        interrupts_tasks(lambda: False)
    assert SignIn.objects.count() == 5
    forget_what_has_expired()
    assert not SignIn.objects.exists()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_try_counts_though_its_old_count_is_being_deleted(
    open_salon: Business, set_clock: Callable[[datetime], None]
) -> None:
    """(J1)"""
    now = datetime.now(UTC)
    set_clock(now)
    for _round in range(8):
        Tries.objects.all().delete()
        count_try(DOORS, now - FORGOTTEN_AFTER)
        told = together(open_salon, lambda: count_try(DOORS, now), forget_what_has_expired, forget_what_has_expired)
        assert told == [None] * 3
        assert sorted(Tries.objects.filter(last_at=now).values_list("failed", flat=True)) == [1, 1, 1]
