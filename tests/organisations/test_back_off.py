"""Guessing gets slower, for many at once as for one after the other, and the owner of an account still gets in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from django.contrib.auth import hashers
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import signing
from django.test import Client
from django.utils import translation

from carnet.base.scopes import open_organisation
from carnet.organisations.actions import invite_member
from carnet.organisations.back_off import TooManyTries, count_try, doors_to, forgive
from carnet.organisations.invitations import secret_of
from carnet.organisations.known_browsers import COOKIE
from carnet.organisations.models import Tries
from carnet.organisations.passwords import link_for
from tests.cast import NOW, Business
from tests.organisations.test_invitations import newcomer
from tests.together import together

LOGIN = "/accounts/login/"
RIGHT = {"login": "bea@salon.example", "password": "a long password"}
HERE, THERE = "192.0.2.1", "198.51.100.7"
ENGLISH = {"Accept-Language": "en"}


def guess(address: str = HERE, **typed: str) -> Any:
    return Client(REMOTE_ADDR=address).post(LOGIN, {**RIGHT, "password": "a guess", **typed}, headers=ENGLISH)


def enters(address: str = HERE, **typed: str) -> bool:
    return bool(Client(REMOTE_ADDR=address).post(LOGIN, {**RIGHT, **typed}).status_code == 302)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_no_more_than_one_after_the_other(open_salon: Business) -> None:
    """(J1) Ten threads, as of two workers, and five tries."""
    doors, now = doors_to("bea@salon.example", HERE), datetime.now(UTC)
    told = together(open_salon, *[partial(count_try, doors, now)] * 10)
    assert sum(one is None for one in told) == 5
    assert sum(isinstance(one, TooManyTries) for one in told) == 5


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_no_more_passwords_are_looked_at_than_there_are_tries(
    open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(J1) The count comes before the password, so the right one among ten at once is no way around it."""
    looked: list[str] = []
    verify = MD5PasswordHasher.verify
    monkeypatch.setattr(
        MD5PasswordHasher, "verify", lambda self, typed, kept: looked.append(typed) or verify(self, typed, kept)
    )
    together(open_salon, *[guess] * 10)
    assert len(looked) == 5


def test_the_right_password_is_refused_during_the_wait_and_taken_after_it(
    open_salon: Business, set_clock: Callable[[datetime], None]
) -> None:
    """(J1)"""
    begun = datetime.now(UTC)
    set_clock(begun)
    for _guess in range(5):
        guess()
    assert "Wait 1 minute, then" in guess().content.decode()
    assert not enters()
    set_clock(begun + timedelta(seconds=59))
    assert not enters()
    set_clock(begun + timedelta(seconds=60))
    assert enters()
    assert not Tries.objects.filter(failed__gt=0, shut_until__isnull=False).exists()


def test_each_wait_is_twice_as_long_up_to_a_quarter_of_an_hour(db: None) -> None:
    doors, now, waits = doors_to("bea@salon.example", HERE), NOW, []
    for _try in range(5 + 6):
        count_try(doors, now)
        try:
            count_try(doors, now)
        except TooManyTries as error:
            waits.append(int(error.wait.total_seconds() / 60))
            now += error.wait
    assert waits[:6] == [1, 2, 4, 8, 15, 15]
    with translation.override("en"):
        assert TooManyTries(timedelta(seconds=61)).sentence() == "Too many attempts. Wait 2 minutes, then try again."


def test_a_stranger_who_guesses_shuts_only_the_place_they_stand_at(open_salon: Business) -> None:
    """(J1)"""
    for _guess in range(6):
        guess(THERE)
    assert not enters(THERE)
    assert enters(HERE)


def test_from_many_places_an_account_is_shut_and_a_new_password_opens_it(open_salon: Business) -> None:
    """(J1) No lock-out weapon: the letter to the owner's address is the way around whoever keeps guessing."""
    for place in range(6):
        for _guess in range(5):
            guess(f"203.0.113.{place}")
    assert not enters()
    client = Client(REMOTE_ADDR=HERE)
    form = client.get(link_for(open_salon.user("bea")).removeprefix("http://localhost:8000"), follow=True)
    new = "quatre chevaux blancs"
    assert client.post(form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new}).status_code == 303
    assert enters(password=new)


def besiege(account: str = "bea@salon.example", network: str = "203.0.113", password: str = "a long password") -> None:
    """Guess at an account from many places, until it is shut for whoever comes from anywhere else."""
    for place in range(6):
        for _guess in range(5):
            guess(f"{network}.{place}", login=account)
    assert not enters(f"{network}.77", login=account, password=password)


def test_who_chose_a_new_password_gets_in_from_that_browser_however_many_go_on_guessing(open_salon: Business) -> None:
    """(J1) No lock-out weapon: what is guessed elsewhere is not counted here, from whatever address one comes next."""
    besiege()
    client = Client(REMOTE_ADDR=HERE)
    form = client.get(link_for(open_salon.user("bea")).removeprefix("http://localhost:8000"), follow=True)
    new = "quatre chevaux blancs"
    assert client.post(form.redirect_chain[-1][0], {"new_password1": new, "new_password2": new}).status_code == 303
    besiege(network="192.0.2", password=new)
    assert client.post(LOGIN, {**RIGHT, "password": new}, REMOTE_ADDR=THERE).status_code == 302


def test_a_browser_in_which_one_signed_in_before_is_not_shut_from_elsewhere(open_salon: Business) -> None:
    """(J1) Neither the sign-in, nor what asks for the password once more."""
    client = Client()
    assert client.post(LOGIN, RIGHT).status_code == 302
    besiege()
    assert client.post("/accounts/confirmation/", {"password": RIGHT["password"]}).status_code == 303
    client.post("/accounts/logout/")
    assert client.post(LOGIN, RIGHT).status_code == 302
    # That success forgives the strangers nothing.
    assert not enters("203.0.113.78")


def test_a_browser_that_is_known_has_no_more_tries_than_others_and_for_its_accounts_only(open_salon: Business) -> None:
    """(J1)"""
    client = Client(headers=ENGLISH)
    client.post(LOGIN, RIGHT)
    client.post("/accounts/logout/")
    for _guess in range(5):
        client.post(LOGIN, {**RIGHT, "password": "a guess"})
    assert "Wait 1 minute" in client.post(LOGIN, RIGHT).content.decode()
    besiege("lea@salon.example")
    assert "Wait" in client.post(LOGIN, {**RIGHT, "login": "lea@salon.example"}).content.decode()


def test_nobody_makes_a_browser_known_by_themselves(open_salon: Business) -> None:
    """(J1) Neither by words of one's own, nor by what was signed for something else."""
    besiege()
    for forged in ("", "x:y:z", signing.dumps(["browser", ["bea@salon.example"]], salt="another")):
        client = Client(REMOTE_ADDR=HERE)
        client.cookies[COOKIE] = forged
        assert client.post(LOGIN, RIGHT).status_code == 200


def test_an_account_of_one_s_own_does_not_clear_the_way_for_guessing_at_others(db: None) -> None:
    """(J1) Of the place, a success takes back its own try and no other."""
    refused = 0
    for number in range(60):
        try:
            count_try(doors_to(f"{number}@salon.example", HERE), NOW)
            count_try(doors_to("mine@salon.example", HERE), NOW)
            forgive("mine@salon.example", HERE)
        except TooManyTries:
            refused += 1
    assert refused >= 19


def test_inside_an_account_its_password_is_not_guessed_either(open_salon: Business) -> None:
    """(J1) Neither to change it, nor for another address, nor to show that it is oneself."""
    client = Client(headers=ENGLISH)
    client.post(LOGIN, RIGHT)
    client.post("/accounts/password/", {"old_password": "a guess"})
    client.post("/accounts/email/", {"email": "b@mail.example", "password": "a guess"})
    for _guess in range(3):
        client.post("/accounts/confirmation/", {"password": "a guess"})
    assert "Wait 1 minute" in client.post("/accounts/confirmation/", {"password": "a long password"}).content.decode()
    assert "Wait 1 minute" in client.post("/accounts/password/", {"old_password": "a long password"}).content.decode()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often a password was hashed, which is what takes time."""
    done: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        done.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    hashers.get_hashers.cache_clear()
    return done


def test_as_much_work_is_done_for_an_address_that_has_an_account_as_for_one_that_has_none(
    open_salon: Business, hashed: list[str]
) -> None:
    """(J2) At the sign-in."""
    guess()
    known = len(hashed)
    guess(login="nobody@salon.example")
    assert known == len(hashed) - known == 1


def test_an_invitation_looks_the_same_whether_its_address_has_an_account(
    open_salon: Business, open_garage: Business, hashed: list[str]
) -> None:
    """(J2, I11) Whoever invites may hold the link: its page tells nothing, and an account there is not touched."""
    pages, work = [], []
    for name, email in (("Noé", "noe@mail.example"), ("Noé", "lea@garage.example")):
        with open_organisation(open_salon.organisation):
            made = invite_member(open_salon.access("alice"), newcomer(open_salon, name), email)
        path = f"/accounts/invitations/{secret_of(made.public_id)}/"
        page = Client().get(path).content.decode()
        pages.append(re.sub(r'content="\w{64}"|value="[^"]*"', "", page.replace(email, "").replace(quote(path), "")))
        before = len(hashed)
        answer = Client().post(path, {"new_password1": "trois petits chats", "new_password2": "trois petits chats"})
        assert answer.status_code == 303
        work.append(len(hashed) - before)
    assert pages[0] == pages[1]
    assert work == [1, 1]
    assert enters(login="lea@garage.example")


def test_asking_for_a_letter_or_another_address_is_the_same_work_whoever_has_it(
    open_salon: Business, open_garage: Business, hashed: list[str]
) -> None:
    """(J2)"""
    for email in ("bea@salon.example", "nobody@salon.example"):
        Client().post("/accounts/password/forgotten/", {"email": email})
    assert not hashed
    client = Client()
    client.post(LOGIN, RIGHT)
    work = []
    for email in ("free@mail.example", "lea@garage.example"):
        before = len(hashed)
        client.post("/accounts/email/", {"email": email, "password": "a long password"})
        work.append(len(hashed) - before)
    assert work == [1, 1]
