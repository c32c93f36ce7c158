"""Forms that other sites send: each unsafe page refuses what lacks its token or comes from elsewhere (J4)."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings

from carnet.organisations.permissions import PERMISSIONS
from tests.doors.matrix import BEFORE, PAGES, Row
from tests.doors.routes import SAFE
from tests.doors.world import World, filled, tried, unchanged

UNSAFE = [row for row in (*PAGES, *BEFORE) if row.route.verb not in SAFE]


def strict(world: World, who: str = "tess") -> Client:
    """Return a browser of `who` as it is outside of tests, with the cookie of a page’s token."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies.update(world.clients[who].cookies)
    return client


def token_of(client: Client) -> str:
    """Return the token that a page’s form carries."""
    page = client.get("/o/salon/customers/new").content.decode()
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found is not None
    return found[1]


@pytest.mark.guard("csrf")
@override_settings(ROOT_URLCONF="tests.doors.urls", DEMO=True)
def test_no_form_is_taken_without_its_token(world: World) -> None:
    world.names |= {"secret": "guessed", "token": "guessed", "uidb64": "MQ"}
    world.may(*PERMISSIONS)
    client = strict(world)
    token_of(client)
    wrong = []
    with unchanged():
        for row in UNSAFE:
            for body in (row.body or {}, {**(row.body or {}), "csrfmiddlewaretoken": "x" * 64}):
                with tried():
                    status = world.send(with_body(row, body), client=client).status_code
                    if status != 403:
                        wrong.append(f"{row}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.guard("csrf")
@override_settings(ROOT_URLCONF="tests.doors.urls", DEMO=True)
@pytest.mark.parametrize(
    "sender",
    [
        {"HTTP_ORIGIN": "https://evil.example"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://testserver.evil.example"},
        {"HTTP_REFERER": "https://evil.example/", "wsgi.url_scheme": "https"},
    ],
    ids=["another site", "a sandbox", "a like name", "a referrer elsewhere"],
)
def test_no_form_of_another_site_is_taken_whatever_token_it_knows(world: World, sender: dict[str, str]) -> None:
    world.names |= {"secret": "guessed", "token": "guessed", "uidb64": "MQ"}
    world.may(*PERMISSIONS)
    client = strict(world)
    token = token_of(client)
    wrong = []
    with unchanged():
        for row in UNSAFE:
            with tried():
                body = {**(row.body or {}), "csrfmiddlewaretoken": token}
                status = world.send(with_body(row, body), client=client, **sender).status_code
                if status != 403:
                    wrong.append(f"{row}: {status}")
    assert not wrong, "\n".join(wrong)


def test_with_its_token_from_our_own_page_the_form_is_taken(world: World) -> None:
    """Else the refusals above would prove nothing."""
    world.may(*PERMISSIONS)
    client = strict(world)
    token = token_of(client)
    for row in PAGES:
        if row.route.verb not in SAFE:
            with tried():
                sent = row if row.json else with_body(row, {**(row.body or {}), "csrfmiddlewaretoken": token})
                by_script = {"HTTP_X_CSRFTOKEN": token} if row.json else {}
                answer = world.send(sent, client=client, HTTP_ORIGIN="http://testserver", **by_script)
                assert answer.status_code in (200, 302, 303), row


def test_no_parameter_or_header_makes_another_verb_of_a_request(world: World) -> None:
    """`_method` and its kin are read by nobody."""
    client = strict(world, "alice")
    with unchanged():
        for row in PAGES:
            if row.route.verb in SAFE:
                continue
            get = Row(type(row.route)(row.route.door, row.route.path, "GET"), at=row.at)
            address = world.request(get, "salon", world.names)[0]
            query = filled(row.body or {}, world.names)
            for name in ("_method", "_METHOD", "X-HTTP-Method-Override"):
                with tried():
                    answer = client.get(
                        address,
                        {**query, name: "POST"},
                        headers={"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST"},
                    )
                    # Of keys to the API everybody has their own page: those of Tess are not on that of Alice.
                    own = row.route.path.startswith("tokens/<")
                    assert answer.status_code in ((404,) if own else (200, 405)), row


def with_body(row: Row, body: dict[str, object]) -> Row:
    return Row(row.route, at=row.at, query=row.query, body=body)
