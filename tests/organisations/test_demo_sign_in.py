"""Signing in at the demo by a link: a day long, only in the demo, and only when it is confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import clear_url_caches, include, path

from carnet import urls
from carnet.base import clock
from carnet.demo import sign_in
from carnet.organisations.models import Member, User
from tests.cast import Business


@pytest.fixture
def demo(settings: LazySettings) -> Iterator[None]:
    """The addresses of a demo, which the settings of the tests do not have."""
    settings.DEMO = True
    urls.urlpatterns.append(path("demo/", include("carnet.demo.urls")))
    clear_url_caches()
    yield
    urls.urlpatterns.pop()
    clear_url_caches()


def link(business: Business, name: str) -> str:
    member = Member._base_manager.select_related("organisation").get(pk=business.members[name].pk)
    return urlsplit(sign_in.sign_in_line(member)).path


@pytest.mark.usefixtures("demo")
def test_the_link_says_who_it_is_and_signs_in_only_when_confirmed(open_salon: Business) -> None:
    client, address = Client(), link(open_salon, "bea")
    page = client.get(address).content.decode()
    assert "Bea" in page
    assert "Accueil" in page
    assert "Salon" in page
    assert client.get("/o/salon/").status_code == 302
    answer = client.post(address)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/o/salon/")
    assert client.get("/o/salon/").context["access"].member.name == "Bea"


@pytest.mark.usefixtures("demo")
def test_a_new_session_begins_and_nothing_of_the_one_before_remains(open_salon: Business) -> None:
    """(J3)"""
    client = Client()
    client.post(link(open_salon, "bea"))
    before = client.session
    before["seen"] = "something"
    before.save()
    client.post(link(open_salon, "lea"))
    assert client.session.session_key != before.session_key
    assert "seen" not in client.session
    assert client.get("/o/salon/my-day/").context["access"].member.name == "Lea"


@pytest.mark.usefixtures("demo")
def test_a_link_that_is_old_forged_or_of_somebody_who_left_opens_nothing(
    open_salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = link(open_salon, "bea")
    forged = signing.dumps([open_salon.user("bea").pk, "salon"], key="another key", salt=sign_in.SALT)
    other = signing.dumps([open_salon.user("bea").pk, "salon"], salt="another purpose")
    for token in (forged, other, "nonsense", signing.dumps("nonsense", salt=sign_in.SALT)):
        assert Client().post(f"/demo/sign-in/{token}").status_code == 404
    later = (clock.now() + sign_in.LASTS + timedelta(seconds=2)).timestamp()
    with monkeypatch.context() as patched:
        patched.setattr("django.core.signing.time.time", lambda: later)
        assert Client().post(address).status_code == 404
    assert Client().get(address).status_code == 200
    User.objects.filter(pk=open_salon.user("bea").pk).update(is_active=False)
    assert Client().post(address).status_code == 404


def test_outside_the_demo_there_is_no_such_door(open_salon: Business) -> None:
    """(J8)"""
    address = link(open_salon, "bea")
    assert Client().get(address).status_code == 404

    def asked(method: str) -> HttpResponse:
        request = HttpRequest()
        request.method = method
        return sign_in.sign_in(request, address.rsplit("/", 1)[-1])

    from django.http import Http404

    for method in ("GET", "POST"):
        with pytest.raises(Http404):
            asked(method)
