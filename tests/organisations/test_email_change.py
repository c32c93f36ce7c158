"""Another address to sign in with: wished for with the password, confirmed by letter, told to the one of before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import LazySettings
from django.core import mail
from django.test import Client
from django_tasks_db.models import DBTaskResult

from carnet.organisations.letters import send_confirmation, tell_owner
from carnet.organisations.models import EmailChange, User
from carnet.organisations.passwords import link_for
from tests.cast import Business

LOGIN = "/accounts/login/"
RIGHT = {"login": "bea@salon.example", "password": "a long password"}
NEW = "bea@mail.example"


def signed_in(name: str = "bea") -> Client:
    client = Client()
    client.post(LOGIN, {**RIGHT, "login": f"{name}@salon.example"})
    return client


def wish(client: Client, email: str = NEW, password: str = "a long password") -> Any:
    """Ask for another address, and let the worker send the letters."""
    answer = client.post("/accounts/email/", {"email": email, "password": password})
    for asked in DBTaskResult.objects.order_by("enqueued_at"):
        task = {"send_confirmation": send_confirmation, "tell_owner": tell_owner}[asked.task_path.rpartition(".")[2]]
        task.func(*asked.args_kwargs["args"])
        asked.delete()
    return answer


def letters_to(address: str) -> list[str]:
    return [str(one.body) for one in mail.outbox if one.to == [address]]


def link() -> str:
    found = re.search(r"http://localhost:8000(/accounts/email/\S+)", letters_to(NEW)[-1])
    assert found
    return found[1]


def test_the_address_changes_once_confirmed_and_other_sessions_end(open_salon: Business) -> None:
    """(J3, J5) Links to choose a password that went to the address of before are dead with it."""
    here, elsewhere = signed_in(), signed_in()
    reset = link_for(open_salon.user("bea")).removeprefix("http://localhost:8000")
    assert wish(here).status_code == 303
    assert len(letters_to("bea@salon.example")) == 1
    assert User.objects.filter(email="bea@salon.example").exists()
    assert here.get(link()).status_code == 200
    assert User.objects.filter(email="bea@salon.example").exists()
    assert here.post(link()).status_code == 303
    assert User.objects.filter(email=NEW).exists()
    assert here.get("/o/salon/").status_code == 200
    assert elsewhere.get("/o/salon/").status_code == 302
    assert "new_password1" not in Client().get(reset, follow=True).content.decode()
    assert Client().post(LOGIN, {**RIGHT, "login": NEW}).headers["Location"] == "/"
    assert here.post(link()).status_code == 410


def test_the_link_works_for_a_day_and_the_last_wish_only(
    open_salon: Business, set_clock: Callable[[datetime], None]
) -> None:
    client = signed_in()
    wish(client)
    first = link()
    wish(client)
    assert client.post(first).status_code == 410
    set_clock(datetime.now(UTC) + timedelta(days=1))
    assert client.get(link()).status_code == 410
    assert client.post(link()).status_code == 410
    assert not User.objects.filter(email=NEW).exists()


def test_the_link_binds_nobody_s_address_to_a_foreign_account(open_salon: Business) -> None:
    """(I11) Who reads the letter but did not ask for it cannot confirm it, by mistake or by guile."""
    wish(signed_in())
    assert Client().post(link()).headers["Location"].startswith(LOGIN)
    assert signed_in("lea").post(link()).status_code == 410
    assert not User.objects.filter(email=NEW).exists()


def test_it_takes_the_password(open_salon: Business) -> None:
    assert wish(signed_in(), password="a guess").status_code == 422
    assert not EmailChange.objects.exists()
    assert not mail.outbox


def test_a_taken_address_is_answered_like_a_free_one(open_salon: Business, open_garage: Business) -> None:
    """(J2) Only who reads letters at that address hears of it; nothing changes, not even with the link."""
    client = signed_in()

    def told(email: str) -> tuple[int, str, str]:
        answer = wish(client, email)
        page = re.sub(r'content="\w{64}"|value="[^"]*"', "", client.get("/accounts/").content.decode())
        return answer.status_code, answer.headers["Location"], page

    assert told("lea@garage.example") == told(NEW)
    assert "in use already" in letters_to("lea@garage.example")[0] or "déjà" in letters_to("lea@garage.example")[0]
    assert "/accounts/email/" not in letters_to("lea@garage.example")[0]
    User.objects.filter(email="lea@garage.example").update(email=NEW)
    assert client.post(link()).status_code == 410
    assert User.objects.filter(email="bea@salon.example").exists()


def test_the_links_of_letters_begin_with_our_address(open_salon: Business, settings: LazySettings) -> None:
    """(J5)"""
    settings.BASE_ADDRESS = "https://carnet.example"
    settings.ALLOWED_HOSTS = ["*"]
    client = signed_in()
    client.post("/accounts/email/", {"email": NEW, "password": "a long password"}, headers={"Host": "evil.example"})
    send_confirmation.func(EmailChange.objects.get().pk)
    assert "https://carnet.example/accounts/email/" in letters_to(NEW)[0]
    assert "evil" not in letters_to(NEW)[0]


def test_a_new_password_voids_a_wish_for_another_address(open_salon: Business) -> None:
    """(J3) Whoever read of it in the letter and had not wished for it stops it so."""
    client = signed_in()
    wish(client)
    new = {"new_password1": "quatre chevaux blancs", "new_password2": "quatre chevaux blancs"}
    client.post("/accounts/password/", {"old_password": "a long password", **new})
    assert client.post(link()).status_code == 410
