"""Signing in and out, and choosing a password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django_tasks_db.models import DBTaskResult

from carnet.organisations.models import User
from carnet.organisations.passwords import send_link_to
from tests.cast import Business

LOGIN = "/accounts/login/"
RIGHT = {"login": "bea@salon.example", "password": "a long password"}
NEW = "quatre chevaux blancs"
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(autouse=True)
def no_attempts_before(db: None) -> Iterator[None]:
    """Attempts are counted in the cache, which a test's transaction does not cover on every backend."""
    cache.clear()
    yield
    cache.clear()


def words(answer: Any) -> str:
    """Return a page without the token that each answer makes anew and without what was typed."""
    return re.sub(r'content="\w{64}"|value="[^"]*"', "", answer.content.decode())


def test_signing_in_gives_the_session_a_new_name(open_salon: Business) -> None:
    """(J3)"""
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    answer = client.post(LOGIN, {**RIGHT, "login": " BEA@salon.example "})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.session.session_key != planted
    assert client.get("/").headers["Location"] == "/o/salon/"


def test_signing_in_leads_back_to_the_page_asked_for(open_salon: Business) -> None:
    client = Client()
    page = client.get(f"{LOGIN}?next=/o/salon/customers/").content.decode()
    assert '<input type="hidden" name="next" value="/o/salon/customers/">' in page
    answer = client.post(LOGIN, {**RIGHT, "next": "/o/salon/customers/"})
    assert answer.headers["Location"] == "/o/salon/customers/"


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(open_salon: Business) -> None:
    """(J2)"""
    wrong = Client().post(LOGIN, {**RIGHT, "password": "another password"}, headers=ENGLISH)
    unknown = Client().post(LOGIN, {"login": "nobody@salon.example", "password": "another password"}, headers=ENGLISH)
    assert wrong.status_code == unknown.status_code == 200
    assert words(wrong) == words(unknown)
    assert "do not go together" in words(wrong)


def test_guessing_is_stopped_even_with_the_right_password_at_last(open_salon: Business) -> None:
    """(J1)"""
    for _attempt in range(5):
        Client().post(LOGIN, {**RIGHT, "password": "a guess"})
    client = Client()
    answer = client.post(LOGIN, RIGHT, headers=ENGLISH)
    assert "Too many attempts" in answer.content.decode()
    assert "_auth_user_id" not in client.session
    assert Client().post(LOGIN, {**RIGHT, "login": "lea@salon.example"}).status_code == 302


def test_too_many_tries_from_one_place_get_a_page_that_says_so(open_salon: Business) -> None:
    """(J1)"""
    statuses = [Client().post(LOGIN, {"login": f"{n}@x.example", "password": "p"}).status_code for n in range(31)]
    assert statuses[-1] == 429
    assert "Wait a minute" in Client().post(LOGIN, RIGHT, headers=ENGLISH).content.decode()


def test_signing_out_takes_a_press_of_the_button(open_salon: Business) -> None:
    """(J4)"""
    client = Client()
    client.post(LOGIN, RIGHT)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/o/salon/").status_code == 200
    assert client.post("/accounts/logout/").headers["Location"] == LOGIN
    assert client.get("/o/salon/").status_code == 302


def test_nobody_signs_up_and_no_page_of_the_library_s_own_is_reached(db: None) -> None:
    """(J8)"""
    paths = ("signup/", "confirm-email/", "password/reset/", "password/set/", "inactive/", "reauthenticate/", "2fa/")
    for path in paths:
        assert Client().get(f"/accounts/{path}").status_code == 404, path


def forgotten(email: str) -> Any:
    """Ask for the letter, and let the worker's part of it run."""
    answer = Client().post("/accounts/password/forgotten/", {"email": email}, headers={"Host": "localhost"})
    for asked in DBTaskResult.objects.all():
        send_link_to.func(*asked.args_kwargs["args"])
        asked.delete()
    return answer


def link_in_the_letter() -> str:
    found = re.search(r"https?://[^/]+(/accounts/password/new/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_forgotten_password_is_chosen_anew_by_a_link_that_works_once(open_salon: Business) -> None:
    """(J3, J5)"""
    elsewhere = Client()
    elsewhere.post(LOGIN, RIGHT)
    forgotten("bea@salon.example")
    address, client = link_in_the_letter(), Client()
    form = client.get(address, follow=True)
    assert form.status_code == 200
    done = client.post(form.redirect_chain[-1][0], {"new_password1": NEW, "new_password2": NEW})
    assert (done.status_code, done.headers["Location"]) == (303, LOGIN)
    assert elsewhere.get("/o/salon/").status_code == 302
    assert Client().post(LOGIN, {**RIGHT, "password": NEW}).status_code == 302
    again = Client().get(address)
    assert again.status_code == 200
    assert "/accounts/password/forgotten/" in again.content.decode()
    assert "new_password1" not in again.content.decode()


def test_the_letter_s_link_begins_with_our_address_whatever_host_the_request_claims(
    open_salon: Business, settings: LazySettings
) -> None:
    """(J5)"""
    settings.BASE_ADDRESS = "https://carnet.example"
    settings.ALLOWED_HOSTS = ["*"]
    client = Client()
    client.post("/accounts/password/forgotten/", {"email": "bea@salon.example"}, headers={"Host": "evil.example"})
    send_link_to.func(open_salon.user("bea").pk)
    letter = mail.outbox[-1]
    assert "https://carnet.example/accounts/password/new/" in letter.body
    assert "evil" not in letter.body
    assert letter.to == ["bea@salon.example"]


def test_the_letter_is_in_the_reader_s_language(open_salon: Business) -> None:
    for language in ("en", "fr"):
        User.objects.filter(email="bea@salon.example").update(language=language)
        send_link_to.func(open_salon.user("bea").pk)
    assert "works once" in mail.outbox[0].body
    assert len(mail.outbox) == 2


def test_asking_for_a_letter_tells_nothing_about_who_has_an_account(open_salon: Business) -> None:
    """(J2)"""
    known, unknown = forgotten("bea@salon.example"), forgotten("nobody@salon.example")
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert len(mail.outbox) == 1
    refused = [forgotten("nobody@salon.example").status_code for _attempt in range(6)]
    assert refused[-1] == 429


def test_a_password_is_changed_with_the_one_until_now_and_other_devices_are_signed_out(open_salon: Business) -> None:
    """(J3)"""
    here, elsewhere = Client(), Client()
    here.post(LOGIN, RIGHT)
    elsewhere.post(LOGIN, RIGHT)
    typed = {"old_password": "not this one", "new_password1": NEW, "new_password2": NEW}
    assert here.post("/accounts/password/", typed).status_code == 200
    assert elsewhere.get("/o/salon/").status_code == 200
    changed = here.post("/accounts/password/", {**typed, "old_password": "a long password"})
    assert changed.headers["Location"] == "/accounts/"
    assert here.get("/o/salon/").status_code == 200
    assert elsewhere.get("/o/salon/").status_code == 302
    assert Client().get("/accounts/password/").headers["Location"].startswith(LOGIN)


@pytest.mark.parametrize("password", ["short", "password123", "bea@salon.example"])
def test_a_password_that_is_easily_guessed_is_refused(open_salon: Business, password: str) -> None:
    client = Client()
    client.post(LOGIN, RIGHT)
    typed = {"old_password": "a long password", "new_password1": password, "new_password2": password}
    assert client.post("/accounts/password/", typed).status_code == 200
    assert Client().post(LOGIN, RIGHT).status_code == 302
