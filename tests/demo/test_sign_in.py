"""The way into the demo: a signed link, a button, no password."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.signing import TimestampSigner
from django.test import Client
from django_tasks_db.models import DBTaskResult

from carnet.base.scopes import open_organisation
from carnet.demo import background, sign_in
from carnet.demo.content import PLANS
from carnet.demo.founding import found
from carnet.organisations.models import Organisation, User
from tests.cast import Business
from tests.demo.conftest import paris

NOW = paris("2026-11-24 10:30")
pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.demo.urls")]


@pytest.fixture
def camille(db: None) -> sign_in.Identity:
    for plan in PLANS[:2]:
        found(plan, NOW)
    return next(one for one in sign_in.identities() if one.name == "Camille Aubry")


def path_of(identity: sign_in.Identity) -> str:
    return "/" + identity.link.split("/", 3)[3]


def test_a_link_says_who_will_be_signed_in_and_signs_nobody_in_by_itself(
    client: Client, camille: sign_in.Identity
) -> None:
    page = client.get(path_of(camille))
    text = page.content.decode()
    assert "Camille Aubry" in text
    assert "Salon Lumière" in text
    assert "Maison Nette" in text
    assert "_auth_user_id" not in client.session


def test_its_button_signs_in(client: Client, camille: sign_in.Identity) -> None:
    answer = client.post(path_of(camille))
    assert answer.status_code == 303
    assert answer["Location"] == "/o/salon-lumiere/"
    assert client.session["_auth_user_id"] == str(camille.user.pk)


def test_its_button_asks_for_the_page_it_stands_on(camille: sign_in.Identity) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(path_of(camille)).status_code == 403
    assert "_auth_user_id" not in client.session


def test_whoever_was_signed_in_before_leaves_nothing_behind(client: Client, camille: sign_in.Identity) -> None:
    other = sign_in.identities()[0]
    client.force_login(other.user)
    client.session["secret"] = "mine"
    key = client.session.session_key
    client.post(path_of(camille))
    assert client.session.session_key != key
    assert "secret" not in client.session


@pytest.mark.parametrize("token", ["1", "1:abc:def", "%00", "1:1xVhA6:EnGVihyqu3znNBgx-XnU7o3puBbpdW0E3bVHTYyUsPg"])
def test_a_link_that_nobody_signed_leads_nowhere(client: Client, camille: sign_in.Identity, token: str) -> None:
    assert client.get(f"/demo/sign-in/{token}/").status_code == 404
    assert client.post(f"/demo/sign-in/{token}/").status_code == 404
    assert "_auth_user_id" not in client.session


def test_a_link_works_for_one_day(client: Client, camille: sign_in.Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    path, day_later = path_of(camille), time.time() + sign_in.MAX_AGE.total_seconds() + 60
    monkeypatch.setattr(time, "time", lambda: day_later)
    assert client.post(path).status_code == 404


def test_a_signed_link_for_somebody_who_is_not_of_the_demo_leads_nowhere(
    client: Client, camille: sign_in.Identity, open_salon: Business
) -> None:
    token = TimestampSigner(salt="carnet.demo.sign-in").sign(str(open_salon.user("alice").pk))
    assert client.post(f"/demo/sign-in/{token}/").status_code == 404


def test_the_terminal_shows_a_line_for_each_person(camille: sign_in.Identity) -> None:
    lines = sign_in.lines()
    people = {person.name for plan in PLANS[:2] for person in plan.people}
    assert sum("/demo/sign-in/" in line for line in lines) == len(people)
    assert all(any(name in line for line in lines) for name in people)
    assert "Salon Lumière:" in lines


def test_the_bar_goes_when_the_books_are_written(client: Client, camille: sign_in.Identity) -> None:
    assert client.get("/demo/progress/").status_code == 404
    client.force_login(camille.user)
    assert "<progress" in client.get("/demo/progress/").content.decode()


def test_without_the_demo_nothing_is_founded(settings: Any) -> None:
    settings.DEMO = False
    assert list(background.open_demo()) == []
    assert not Organisation.objects.exists()
    assert not User.objects.exists()


def test_the_worker_is_asked_once_however_often_the_demo_is_started(camille: sign_in.Identity) -> None:
    organisation = Organisation.objects.get(slug="salon-lumiere")
    with open_organisation(organisation):
        for _start in range(2):
            background.enqueue_once(background.write_the_book, organisation.pk)
    assert DBTaskResult.objects.count() == 1
