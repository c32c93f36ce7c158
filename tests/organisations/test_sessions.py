"""Sessions: listed for their owner, ended from elsewhere, noted without writing at each request."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from carnet.organisations.devices import device_words
from carnet.organisations.models import SignIn
from tests.cast import Business

LOGIN = "/accounts/login/"
RIGHT = {"login": "bea@salon.example", "password": "a long password"}
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"
)
MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
)


def signed_in(agent: str = MAC, address: str = "192.0.2.1") -> Client:
    client = Client(headers={"User-Agent": agent}, REMOTE_ADDR=address)
    assert client.post(LOGIN, RIGHT).status_code == 302
    return client


def key(client: Client) -> str:
    return str(client.session.session_key)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Chrome on Android"),
        (MAC, "Safari on Mac"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_called_what_people_call_it(agent: str, words: str) -> None:
    with translation.override("en"):
        assert device_words(agent) == words


def test_every_session_is_listed_and_none_tells_its_key(open_salon: Business) -> None:
    here, phone = signed_in(), signed_in(PHONE, "198.51.100.7")
    phone.get("/accounts/")
    page = here.get("/accounts/").content.decode()
    assert "Safari on Mac · this one" in page
    assert "Chrome on Android" in page
    assert "198.51.100.7" in page
    assert key(here) not in page
    assert key(phone) not in page


def test_signing_out_elsewhere_ends_that_session_at_once(open_salon: Business) -> None:
    """(J3)"""
    here, phone, other = signed_in(), signed_in(PHONE), signed_in()
    named = SignIn.objects.get(pk=key(phone)).public_name
    assert here.post("/accounts/sessions/end/", {"session": named}).status_code == 303
    assert phone.get("/o/salon/").status_code == 302
    assert other.get("/o/salon/").status_code == 200
    here.post("/accounts/sessions/end/")
    assert other.get("/o/salon/").status_code == 302
    assert here.get("/o/salon/").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(open_salon: Business) -> None:
    """(I1)"""
    here, lea = signed_in(), Client()
    lea.post(LOGIN, {**RIGHT, "login": "lea@salon.example"})
    here.post("/accounts/sessions/end/", {"session": SignIn.objects.get(pk=key(lea)).public_name})
    here.post("/accounts/sessions/end/")
    assert lea.get("/o/salon/my-day/").status_code == 200


def test_a_session_that_was_ended_is_not_brought_back_by_what_it_asks_next(open_salon: Business) -> None:
    """(J3) Not even by a request that was on its way and writes to the session at its end."""
    phone = signed_in(PHONE)
    gone = phone.session
    gone.load()
    SignIn.objects.filter(pk=key(phone)).delete()
    phone.get("/accounts/")
    phone.post(LOGIN, {**RIGHT, "password": "a guess"})
    assert not SignIn.objects.filter(pk=gone.session_key).exists()


def test_being_seen_is_written_once_a_minute_at_most(
    open_salon: Business, set_clock: Callable[[datetime], None]
) -> None:
    begun = datetime.now(UTC)
    set_clock(begun)
    client = signed_in()
    client.get("/o/salon/")

    def writes(at: datetime) -> int:
        set_clock(at)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/o/salon/")
        return sum(bool(re.match("UPDATE .*signin", one["sql"] or "")) for one in asked.captured_queries)

    assert writes(begun + timedelta(seconds=59)) == 0
    assert writes(begun + timedelta(seconds=60)) == 1
    assert writes(begun + timedelta(seconds=61)) == 0
    assert SignIn.objects.get(pk=key(client)).seen_at == begun + timedelta(seconds=60)


def test_a_new_password_leaves_no_session_but_this_one(open_salon: Business) -> None:
    """(J3)"""
    here, _phone = signed_in(), signed_in(PHONE)
    typed: dict[str, Any] = {"old_password": "a long password"}
    typed |= {"new_password1": "quatre chevaux blancs", "new_password2": "quatre chevaux blancs"}
    assert here.post("/accounts/password/", typed).status_code == 303
    assert list(SignIn.objects.filter(user__email="bea@salon.example").values_list("pk", flat=True)) == [key(here)]
