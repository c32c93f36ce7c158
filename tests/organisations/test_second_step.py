"""The second step: set up, asked for, taken away; nothing goes around it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.core.cache import cache
from django.core.cache.backends import db as database_cache
from django.core.exceptions import ValidationError
from django.test import Client

from carnet.organisations.accounts import SecondStep
from carnet.organisations.models import Profile, Tries, User
from carnet.organisations.second_step import (
    add_app,
    codes_made,
    has_second_step,
    new_recovery_codes,
    remove_app,
    step_of_code,
)
from tests.cast import Business
from tests.together import together

LOGIN = "/accounts/login/"
STEP = "/accounts/login/second-step/"
CODES = "/accounts/recovery-codes/"
RIGHT = {"login": "bea@salon.example", "password": "a long password"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def no_codes_before(db: None) -> None:
    cache.clear()


def code_of(secret: str = SECRET, half_minutes: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + half_minutes))


def wrong_code() -> str:
    """A code that none of the half minutes around now takes."""
    taken = {code_of(half_minutes=at) for at in range(-3, 4)}
    return next(
        code
        for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
        if code not in taken
    )


def signed_in(name: str = "bea") -> Client:
    client = Client()
    assert client.post(LOGIN, {**RIGHT, "login": f"{name}@salon.example"}).status_code == 302
    return client


def signed_in_with(user: User, code: str) -> Client:
    """Sign in with the password and a code."""
    client = Client()
    client.post(LOGIN, {**RIGHT, "login": user.email})
    assert client.post(STEP, {"code": code}).status_code == 302
    return client


def made_codes(user: User) -> list[str]:
    """Make recovery codes, as its owner reads them."""
    return codes_made(user, new_recovery_codes(user), datetime.now(UTC))


def shown_codes(page: str) -> list[str]:
    return re.findall(r"<code>(\d{4}-\d{4})</code>", page)


def test_an_app_is_set_up_with_its_first_code_and_recovery_codes_are_shown_once(open_salon: Business) -> None:
    """Sessions of before, which began without it, are ended."""
    client, elsewhere = signed_in(), signed_in()
    page = client.get("/accounts/app/").content.decode()
    key = re.search(r'typed-key">([A-Z2-7 ]+)<', page)
    assert key
    assert "<svg" in page
    assert client.post("/accounts/app/", {"code": "no code"}).status_code == 422
    assert client.post("/accounts/app/", {"code": code_of(key[1].replace(" ", ""))}).headers["Location"] == CODES
    answer = client.get(CODES)
    codes = shown_codes(answer.content.decode())
    assert len(codes) == 10
    assert "no-store" in answer.headers["Cache-Control"]
    assert elsewhere.get("/o/salon/").status_code == 302
    assert client.post(CODES, {"kept": "yes"}).headers["Location"] == "/accounts/"
    for path in ("/accounts/", CODES):
        assert codes[0] not in client.get(path).content.decode()


def test_who_reloads_the_recovery_codes_sees_the_same_ones_again_for_some_minutes(open_salon: Business) -> None:
    """Codes that were just printed must not be void because a window was opened again; nor lie there all day."""
    bea = open_salon.user("bea")
    client = signed_in()
    add_app(bea, SECRET)
    assert client.post(CODES).headers["Location"] == CODES
    codes = shown_codes(client.get(CODES).content.decode())
    assert len(codes) == 10
    assert shown_codes(client.get(CODES).content.decode()) == codes
    assert step_of_code(bea, codes[0])
    assert shown_codes(client.get(CODES).content.decode()) == codes[1:]
    # Another window of the same owner was not the one that made them.
    assert not shown_codes(signed_in_with(bea, codes[1]).get(CODES).content.decode())
    made = new_recovery_codes(bea)
    assert len(codes_made(bea, made, datetime.now(UTC) + timedelta(minutes=4))) == 10
    assert not codes_made(bea, made, datetime.now(UTC) + timedelta(minutes=5))
    assert not codes_made(open_salon.user("lea"), made, datetime.now(UTC))


def test_the_password_alone_does_not_sign_in_any_more(open_salon: Business) -> None:
    """(J9)"""
    add_app(open_salon.user("bea"), SECRET)
    client = Client()
    assert client.post(LOGIN, RIGHT).headers["Location"] == STEP
    assert client.get("/o/salon/").status_code == 302
    assert client.post(STEP, {"code": wrong_code()}).status_code == 200
    assert client.get("/o/salon/").status_code == 302
    assert client.post(STEP, {"code": code_of()}).status_code == 302
    assert client.get("/o/salon/").status_code == 200


def test_a_code_of_the_app_works_once(open_salon: Business) -> None:
    """(J9) Somebody who read it over a shoulder gets in with it as little as the next half minute."""
    add_app(open_salon.user("bea"), SECRET)
    code = code_of()
    for expected in (302, 200):
        client = Client()
        client.post(LOGIN, RIGHT)
        assert client.post(STEP, {"code": code}).status_code == expected


def test_a_code_stays_used_up_for_as_long_as_it_would_be_right(
    open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    """(J9) Codes are taken from half a minute before their time to half a minute after it; the library forgets earlier.

    Half a minute later means two clocks: the one that codes are made of, and that of the cache.
    """
    bea = open_salon.user("bea")
    add_app(bea, SECRET)
    code = code_of(half_minutes=1)
    assert step_of_code(bea, code).type == "totp"
    later = timedelta(seconds=31)
    monkeypatch.setattr(totp, "time", SimpleNamespace(time=lambda: time.time() + later.total_seconds()))
    monkeypatch.setattr(database_cache, "tz_now", lambda: datetime.now(UTC) + later)
    with pytest.raises(ValidationError):
        step_of_code(bea, code)
    assert step_of_code(bea, code_of(half_minutes=2)).type == "totp"


def test_the_code_that_set_the_app_up_does_not_sign_in(open_salon: Business) -> None:
    """(J9) It was typed, so it was perhaps seen."""
    client = signed_in()
    key = re.search(r'typed-key">([A-Z2-7 ]+)<', client.get("/accounts/app/").content.decode())
    assert key
    secret = key[1].replace(" ", "")
    code, next_one = code_of(secret), code_of(secret, half_minutes=1)
    assert client.post("/accounts/app/", {"code": code}).status_code == 303
    for typed, expected in ((code, 200), (next_one, 302)):
        other = Client()
        other.post(LOGIN, RIGHT)
        assert other.post(STEP, {"code": typed}).status_code == expected


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_code_typed_in_many_windows_at_once_works_in_one(open_salon: Business) -> None:
    """(J9) Of the app as of the recovery codes."""
    bea = open_salon.user("bea")
    add_app(bea, SECRET)
    for code in (code_of(), *made_codes(bea)[:8]):
        Tries.objects.all().delete()
        told = together(open_salon, *[partial(step_of_code, bea, code)] * 4)
        assert sum(isinstance(one, Authenticator) for one in told) == 1, told
        assert sum(isinstance(one, ValidationError) for one in told) == 3, told


def test_a_recovery_code_works_once_and_is_void_after_new_ones(open_salon: Business) -> None:
    bea = open_salon.user("bea")
    add_app(bea, SECRET)
    old, codes = made_codes(bea), made_codes(bea)
    for code, expected in ((old[0], 200), (codes[0], 302), (codes[0], 200), (codes[1].replace("-", ""), 302)):
        client = Client()
        client.post(LOGIN, RIGHT)
        assert client.post(STEP, {"code": code}).status_code == expected


def test_codes_are_not_guessed(open_salon: Business) -> None:
    """(J1, J9) After five wrong ones even the right one waits."""
    add_app(open_salon.user("bea"), SECRET)
    client = Client(headers={"Accept-Language": "en"})
    client.post(LOGIN, RIGHT)
    for _guess in range(5):
        client.post(STEP, {"code": wrong_code()})
    refused = client.post(STEP, {"code": code_of()})
    assert "Wait 1 minute" in refused.content.decode()
    assert client.get("/o/salon/").status_code == 302


def test_a_new_password_by_letter_does_not_go_around_the_second_step(open_salon: Business) -> None:
    """(J9)"""
    from carnet.organisations.passwords import link_for

    bea = open_salon.user("bea")
    add_app(bea, SECRET)
    client = Client()
    form = client.get(link_for(bea).removeprefix("http://localhost:8000"), follow=True)
    new = {"new_password1": "quatre chevaux blancs", "new_password2": "quatre chevaux blancs"}
    assert client.post(form.redirect_chain[-1][0], new).headers["Location"] == LOGIN
    assert client.post(LOGIN, {**RIGHT, "password": "quatre chevaux blancs"}).headers["Location"] == STEP
    assert client.get("/o/salon/").status_code == 302


def test_the_secret_lies_encrypted_in_the_database(open_salon: Business) -> None:
    add_app(open_salon.user("bea"), SECRET)
    kept = Authenticator.objects.get().data["secret"]
    assert SECRET not in kept
    assert SecondStep().decrypt(kept) == SECRET


def test_what_was_encrypted_with_another_key_opens_nothing(open_salon: Business) -> None:
    add_app(open_salon.user("bea"), SECRET)
    step = Authenticator.objects.get()
    step.data["secret"] = "of another installation"
    step.save()
    client = Client()
    client.post(LOGIN, RIGHT)
    assert client.post(STEP, {"code": code_of()}).status_code == 200
    assert client.post(STEP, {"code": format_hotp_value(hotp_value("", int(time.time()) // 30))}).status_code == 200


@pytest.mark.parametrize("path", ["email/", "app/", "app/removal/", "passkeys/new/", "recovery-codes/"])
def test_some_minutes_after_signing_in_one_shows_once_more_that_it_is_oneself(
    open_salon: Business, set_clock: Callable[[datetime], None], path: str
) -> None:
    client = signed_in()
    add_app(open_salon.user("bea"), SECRET)
    assert client.get(f"/accounts/{path}").status_code == 200
    set_clock(datetime.now(UTC) + timedelta(minutes=5))
    for answer in (client.get(f"/accounts/{path}"), client.post(f"/accounts/{path}", {"code": code_of()})):
        assert answer.headers["Location"].startswith("/accounts/confirmation/?next=")
    assert has_second_step(open_salon.user("bea"))
    assert client.post("/accounts/confirmation/", {"password": "a guess"}).status_code == 422
    assert client.get(f"/accounts/{path}").status_code == 303


def test_the_password_or_a_code_shows_that_it_is_oneself_and_leads_back(open_salon: Business) -> None:
    """(J7) Back to a page of ours, never elsewhere."""
    bea = open_salon.user("bea")
    add_app(bea, SECRET)
    for typed in ({"password": "a long password"}, {"code": code_of()}):
        client = Client()
        client.force_login(bea)
        assert client.get("/accounts/recovery-codes/").status_code == 303
        answer = client.post("/accounts/confirmation/", {**typed, "next": "/accounts/recovery-codes/"})
        assert answer.headers["Location"] == "/accounts/recovery-codes/"
        assert client.get("/accounts/recovery-codes/").status_code == 200
    away = {"password": "a long password", "next": "https://evil.example/"}
    assert client.post("/accounts/confirmation/", away).headers["Location"] == "/"


def test_the_last_step_takes_the_recovery_codes_with_it_and_its_owner_hears_of_it(open_salon: Business) -> None:
    from carnet.organisations.letters import tell_owner

    bea = open_salon.user("bea")
    client = signed_in()
    add_app(bea, SECRET)
    new_recovery_codes(bea)
    assert client.post("/accounts/app/removal/").status_code == 303
    assert not Authenticator.objects.filter(user=bea).exists()
    assert not remove_app(bea)
    tell_owner.func(bea.pk, "app_removed", bea.email)
    assert "no longer asked for" in mail.outbox[-1].body


def test_somebody_else_s_passkey_is_none(open_salon: Business) -> None:
    """(I1)"""
    lea = open_salon.user("lea")
    data = {"name": "Phone", "public_id": "2d8f6f76-6d56-4f8b-9d0c-7d0a7ff0d111", "credential": {}}
    Authenticator.objects.create(user=lea, type="webauthn", data=data)
    path = f"/accounts/passkeys/{data['public_id']}/removal/"
    assert signed_in().post(path).status_code == 404
    assert signed_in().get(path).status_code == 404
    assert has_second_step(lea)


def require(business: Business, name: str = "bea") -> None:
    Profile._base_manager.filter(pk=business.members[name].profile_id).update(second_step=True)


def test_an_organisation_that_requires_a_second_step_tells_nothing_before(
    open_salon: Business, open_garage: Business
) -> None:
    """(J9) Whatever is asked for leads to a page that says why; and back to where one wanted to go."""
    require(open_salon)
    client = signed_in()
    wanted = "/o/salon/customers/?q=06"
    answer = client.get(wanted)
    assert (answer.status_code, answer.content) == (302, b"")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "Salon requires it" in page.content.decode()
    assert "Véra" not in page.content.decode()
    assert client.post("/o/salon/customers/new", {"name": "Zoé"}).status_code == 302
    partial = client.get("/o/salon/customers/", headers={"HX-Request": "true"})
    assert (partial.status_code, partial.content) == (401, b"")
    key = re.search(r'typed-key">([A-Z2-7 ]+)<', client.get("/accounts/app/").content.decode())
    assert key
    assert client.post("/accounts/app/", {"code": code_of(key[1].replace(" ", ""))}).headers["Location"] == CODES
    assert client.post(CODES, {"kept": "yes"}).headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_other_organisations_and_other_profiles_stay_open(open_salon: Business) -> None:
    require(open_salon)
    assert signed_in("alice").get("/o/salon/").status_code == 200
    assert signed_in("bea").get("/accounts/").status_code == 200


def test_who_removes_the_last_step_stands_before_the_door_again(open_salon: Business) -> None:
    require(open_salon)
    bea = open_salon.user("bea")
    client = signed_in()
    add_app(bea, SECRET)
    assert client.get("/o/salon/").status_code == 200
    remove_app(bea)
    assert client.get("/o/salon/").status_code == 302


def test_the_page_leads_nowhere_for_who_is_no_member(open_salon: Business, open_garage: Business) -> None:
    """(I1) It does not tell of organisations of others."""
    require(open_garage)
    page = signed_in().get("/accounts/second-step/?next=/o/garage/")
    assert page.status_code == 302
    assert signed_in().get("/accounts/second-step/?next=https://evil.example/").headers["Location"] == "/"


def test_an_account_that_is_switched_off_is_answered_like_none(open_salon: Business) -> None:
    """(J2)"""
    User.objects.filter(email="bea@salon.example").update(is_active=False)
    answer = Client().post(LOGIN, RIGHT, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert "do not go together" in answer.content.decode()
