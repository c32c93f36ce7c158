"""The way in: who enters which organisation, what is said to those who may not, and what is left behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import get_script_prefix, reverse
from django.utils import translation

from carnet.base.scopes import open_organisation_id
from carnet.organisations.middleware import OrganisationMiddleware
from carnet.organisations.models import Member, User
from tests.cast import Business

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def signed_in(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


def words(answer: Any) -> str:
    """Return a page without the token that each answer makes anew."""
    return re.sub(r'content="\w{64}"|value="\w{64}"', "", answer.content.decode())


def test_another_organisation_answers_as_one_that_does_not_exist(open_salon: Business, open_garage: Business) -> None:
    """(I1)"""
    alice = signed_in(open_salon, "alice")
    foreign, unknown = alice.get(open_garage.url()), alice.get("/o/nowhere/")
    assert foreign.status_code == unknown.status_code == 404
    assert words(foreign) == words(unknown)
    assert alice.get(open_salon.url()).status_code == 200


def test_a_member_who_has_left_finds_nothing_at_the_next_click(open_salon: Business) -> None:
    """(J3)"""
    bea = signed_in(open_salon, "bea")
    assert bea.get(open_salon.url()).status_code == 200
    Member._base_manager.filter(pk=open_salon.members["bea"].pk).update(active=False)
    assert bea.get(open_salon.url()).status_code == 404
    assert bea.get("/").status_code == 403


def test_two_tabs_in_two_organisations_each_keep_their_own(open_salon: Business, open_garage: Business) -> None:
    """(I3)"""
    alice = signed_in(open_salon, "alice")
    Member._base_manager.filter(pk=open_garage.members["bea"].pk).update(user=open_salon.user("alice"))
    for business in (open_salon, open_garage, open_salon):
        page = alice.get(business.url("customers/"), headers={"X-Organisation": "garage"}).content.decode()
        assert f'href="{business.url("customers/list")}"' in page
        other = open_garage if business is open_salon else open_salon
        assert f'action="{other.url()}' not in page
        assert alice.get("/").headers["Location"] == business.url()
    assert get_script_prefix() == "/"
    assert open_organisation_id() is None


def test_the_address_outside_stays_free_of_the_organisation_after_an_error(open_salon: Business) -> None:
    def fails(request: HttpRequest) -> HttpResponse:
        assert reverse("home", urlconf="carnet.urls_organisation") == "/o/salon/"
        raise RuntimeError

    request = RequestFactory().get("/o/salon/customers/")
    request.user = open_salon.user("alice")
    with pytest.raises(RuntimeError):
        OrganisationMiddleware(fails)(request)
    assert get_script_prefix() == "/"
    assert open_organisation_id() is None


def test_a_stream_reads_its_organisation_and_leaves_nothing_open_between_its_chunks(open_salon: Business) -> None:
    def names() -> Iterator[str]:
        for member in Member.objects.order_by("pk"):
            yield f"{member.name} {translation.get_language()};"

    request = RequestFactory().get("/o/salon/")
    request.user = User.objects.create_user("zoe@salon.example", language="fr")
    Member._base_manager.filter(pk=open_salon.members["bea"].pk).update(user=request.user)
    response = OrganisationMiddleware(lambda _request: StreamingHttpResponse(names()))(request)
    assert isinstance(response, StreamingHttpResponse)
    told = []
    for chunk in cast(Iterable[bytes], response.streaming_content):
        told.append(bytes(chunk).decode())
        assert open_organisation_id() is None
    assert told == ["Alice fr;", "Bea fr;", "Lea fr;", "Max fr;"]


def test_whoever_is_not_signed_in_comes_back_to_the_page_asked_for(open_salon: Business) -> None:
    asked = open_salon.url("customers/?q=vera")
    answer = Client().get(asked)
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    assert (address.path, parse_qs(address.query)) == ("/accounts/login/", {"next": [asked]})


def test_a_fragment_sends_the_whole_page_to_the_sign_in_and_back_to_itself(open_salon: Business) -> None:
    here = open_salon.url("day/2026-03-11/")
    answer = Client().get(
        open_salon.url("customers/lookup?q=a"), headers=HTMX | {"HX-Current-URL": f"http://testserver{here}"}
    )
    assert answer.status_code == 401
    assert parse_qs(urlsplit(answer.headers["HX-Redirect"]).query) == {"next": [here]}
    elsewhere = Client().get(open_salon.url(), headers=HTMX | {"HX-Current-URL": "https://evil.example/x"})
    assert parse_qs(urlsplit(elsewhere.headers["HX-Redirect"]).query) == {"next": [open_salon.url()]}


def test_a_change_sent_without_a_sign_in_is_not_repeated_as_a_page(open_salon: Business) -> None:
    answer = Client().post(open_salon.url("customers/new"), {"name": "Zoé"})
    assert parse_qs(urlsplit(answer.headers["Location"]).query) == {"next": ["/"]}


def test_an_address_without_its_last_slash_is_led_to_it(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    assert alice.get("/o/salon").headers["Location"] == "/o/salon/"
    assert alice.get("/o/salon/customers").headers["Location"] == "/o/salon/customers/"
    assert alice.get("/o/salon/no/such/page").status_code == 404


def test_pages_of_the_signed_in_are_kept_by_nobody_else(open_salon: Business) -> None:
    """(I4)"""
    alice = signed_in(open_salon, "alice")
    for path in (open_salon.url(), open_salon.url("customers/"), open_salon.url("no/such/page"), "/"):
        control = alice.get(path).headers["Cache-Control"]
        assert "private" in control, path
        assert "no-store" in control, path


def test_an_answer_with_an_etag_may_be_asked_again_by_its_reader_alone(open_salon: Business) -> None:
    """(I4)"""
    request = RequestFactory().get("/o/salon/")
    request.user = open_salon.user("alice")
    response = OrganisationMiddleware(lambda _request: HttpResponse(headers={"ETag": '"1"'}))(request)
    assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_page_speaks_the_user_s_language_then_the_browser_s_choice_then_the_organisation_s(
    open_salon: Business,
) -> None:
    user = open_salon.user("alice")
    alice = signed_in(open_salon, "alice")
    german = {"Accept-Language": "de"}

    def language() -> str:
        return str(alice.get(open_salon.url(), headers=german).headers["Content-Language"])

    assert language() == "en"
    User.objects.filter(pk=user.pk).update(language="")
    assert language() == "fr"
    alice.cookies["django_language"] = "en"
    assert language() == "en"


def test_the_language_chosen_is_the_user_s_on_every_browser_and_leads_back(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    here = open_salon.url("customers/")
    answer = alice.post("/accounts/preferences/", {"language": "fr", "next": here})
    assert answer.headers["Location"] == here
    other = signed_in(open_salon, "alice")
    assert other.get(here).headers["Content-Language"] == "fr"
    alice.post("/accounts/preferences/", {"theme": "dark", "next": here})
    assert 'data-theme="dark"' in other.get(here).content.decode()


@pytest.mark.parametrize("next_page", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil"])
def test_nobody_is_led_off_the_site(open_salon: Business, next_page: str) -> None:
    """(J7)"""
    answer = signed_in(open_salon, "alice").post("/accounts/preferences/", {"language": "en", "next": next_page})
    assert answer.headers["Location"] == "/"
    entered = Client().post(
        "/accounts/login/",
        {"login": "bea@salon.example", "password": "a long password", "next": next_page},
    )
    assert entered.status_code == 302
    assert "evil" not in entered.headers["Location"]
    assert "alert" not in entered.headers["Location"]


def test_who_is_nobody_has_no_organisation() -> None:
    request = RequestFactory().get("/o/salon/")
    request.user = AnonymousUser()
    answer = OrganisationMiddleware(lambda _request: HttpResponse())(request)
    assert answer.headers["Location"] == "/accounts/login/?next=%2Fo%2Fsalon%2F"
