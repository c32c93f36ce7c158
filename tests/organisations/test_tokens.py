"""Keys to the API: shown once, never wider than their owner, expiring, revoked at once, their last use noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from carnet.base.errors import Invalid, NotPermitted
from carnet.base.scopes import open_organisation
from carnet.organisations.actions import issue_token, revoke_token
from carnet.organisations.models import Activity, Member, Profile, Token
from tests.cast import Business
from tests.doors.world import unchanged

SECRET = re.compile(r"carnet_[\w-]{43}")


def signed_in(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


def knock(business: Business, secret: str, path: str = "services") -> int:
    """Come in with a key; return the status."""
    headers = {"Authorization": f"Bearer {secret}"}
    return Client().get(f"/api/v1/o/{business.organisation.slug}/{path}", headers=headers).status_code


def issued(business: Business, name: str = "bea", **more: object) -> str:
    with open_organisation(business.organisation):
        return issue_token(business.access("alice"), business.members[name], **more)  # type: ignore[arg-type]


def only_token() -> Token:
    found = Token._base_manager.get()
    assert isinstance(found, Token)
    return found


# Issuing


def test_a_key_is_shown_once_and_kept_nowhere(open_salon: Business) -> None:
    """(J6)"""
    alice = signed_in(open_salon, "alice")
    sent = {"name": "Caisse", "member": str(open_salon.members["bea"].public_id), "scope": "all", "expires": "90"}
    answer = alice.post(open_salon.url("set-up/tokens/new"), sent)
    found = SECRET.findall(answer.content.decode())
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert len(found) == 1
    assert knock(open_salon, found[0]) == 200
    token = only_token()
    assert (token.member, token.name, token.hash) == (open_salon.members["bea"], "Caisse", Token.hash_of(found[0]))
    assert token.expires_at is not None
    assert timedelta(days=89) < token.expires_at - datetime.now(UTC) <= timedelta(days=90)
    assert not SECRET.search(alice.get(open_salon.url("set-up/tokens/")).content.decode())
    with open_organisation(open_salon.organisation):
        said = Activity.objects.get(kind="token.issued")
        assert said.changes["name"] == [None, "Caisse"]
        assert found[0] not in str(said.changes)
        assert token.hash not in str(said.changes)


def test_a_key_never_opens_more_than_its_owner_s_profile(open_salon: Business) -> None:
    """(J6)"""
    with unchanged(), pytest.raises(Invalid) as told:
        issued(open_salon, "lea", permissions=["appointments.book"])
    assert set(told.value.errors) == {"permissions"}
    alice = signed_in(open_salon, "alice")
    sent = {"name": "X", "member": str(open_salon.members["lea"].public_id), "scope": "some", "expires": "never"}
    with unchanged():
        answer = alice.post(open_salon.url("set-up/tokens/new"), sent | {"permissions": ["set_up.edit"]})
    assert answer.status_code == 422
    assert "never opens more" in unescape(answer.content.decode())


def test_what_its_owner_loses_a_key_loses_too(open_salon: Business) -> None:
    """(J6, C12)"""
    secret = issued(open_salon, permissions=["customers.see", "catalogue.see"])
    assert knock(open_salon, secret) == knock(open_salon, secret, "customers?q=vera") == 200
    Profile._base_manager.filter(key="front_desk").update(permissions=["catalogue.see"])
    assert knock(open_salon, secret, "customers?q=vera") == 403
    assert knock(open_salon, secret) == 200


def test_a_narrowed_key_opens_what_was_ticked_and_what_that_rests_on(open_salon: Business) -> None:
    secret = issued(open_salon, permissions=["appointments.book"])
    assert set(only_token().permissions) == {"appointments.book", "catalogue.see"}
    assert knock(open_salon, secret) == 200
    assert knock(open_salon, secret, "customers?q=vera") == 403


def test_narrowed_to_nothing_is_not_everything(open_salon: Business) -> None:
    sent = {"name": "X", "member": str(open_salon.members["bea"].public_id), "scope": "some", "expires": "90"}
    with unchanged():
        answer = signed_in(open_salon, "alice").post(open_salon.url("set-up/tokens/new"), sent)
    assert answer.status_code == 422
    assert "Tick what the key opens" in answer.content.decode()
    # Nor does a tick beside "all" go unnoticed.
    with unchanged():
        answer = signed_in(open_salon, "alice").post(
            open_salon.url("set-up/tokens/new"), sent | {"scope": "all", "permissions": ["catalogue.see"]}
        )
    assert answer.status_code == 422


@pytest.fixture
def tess(open_salon: Business) -> Client:
    """Somebody who may change the set-up without being an administrator."""
    own = Profile._base_manager.create(
        organisation=open_salon.organisation, name="Tess", permissions=["profiles.edit", "catalogue.see"]
    )
    Member._base_manager.filter(pk=open_salon.members["max"].pk).update(profile=own)
    return signed_in(open_salon, "max")


def test_who_is_no_administrator_issues_for_and_revokes_of_oneself_only(open_salon: Business, tess: Client) -> None:
    """(I7) A key of an administrator would be a way to everything."""
    of_alice = issued(open_salon, "alice")
    page = tess.get(open_salon.url("set-up/tokens/new")).content.decode()
    assert 'name="member"' not in page
    # What is sent all the same is not read.
    sent = {"name": "Mine", "member": str(open_salon.members["alice"].public_id), "scope": "all", "expires": "never"}
    answer = tess.post(open_salon.url("set-up/tokens/new"), sent)
    mine = SECRET.findall(answer.content.decode())[0]
    assert Token._base_manager.get(name="Mine").member == open_salon.members["max"]
    assert knock(open_salon, mine) == 200
    assert knock(open_salon, mine, "customers?q=vera") == 403
    with open_organisation(open_salon.organisation), unchanged():
        access = open_salon.access("max")
        with pytest.raises(NotPermitted):
            issue_token(access, open_salon.members["alice"])
        token = Token.objects.get(member=open_salon.members["alice"])
        with pytest.raises(Token.DoesNotExist):
            revoke_token(access, token)
    address = open_salon.url(f"set-up/tokens/{token.public_id}/revocation")
    assert tess.get(address).status_code == tess.post(address).status_code == 404
    assert str(token.public_id) not in tess.get(open_salon.url("set-up/tokens/")).content.decode()
    assert knock(open_salon, of_alice) == 200


def test_anybody_issues_sees_and_revokes_keys_of_their_own(open_salon: Business) -> None:
    """Lea is a provider, to whom nothing of the set-up is open; none of her keys opens more than she may (J6)."""
    lea, of_bea = signed_in(open_salon, "lea"), issued(open_salon)
    home = lea.get(open_salon.url("my-day/")).content.decode()
    assert f'href="{open_salon.url("tokens/")}"' in home
    form = lea.get(open_salon.url("tokens/new")).content.decode()
    assert 'name="member"' not in form
    assert 'value="appointments.book"' in form
    assert re.search(r'value="appointments.book"[^>]* disabled', form)
    sent = {"name": "My list", "scope": "all", "expires": "90", "member": str(open_salon.members["alice"].public_id)}
    secret = SECRET.findall(lea.post(open_salon.url("tokens/new"), sent).content.decode())[0]
    assert Token._base_manager.get(name="My list").member == open_salon.members["lea"]
    assert knock(open_salon, secret) == 200
    with unchanged():
        wider = sent | {"scope": "some", "permissions": ["customers.create"]}
        assert lea.post(open_salon.url("tokens/new"), wider).status_code == 422
    listed = lea.get(open_salon.url("tokens/")).content.decode()
    assert "My list" in listed
    assert "without a name" not in listed
    mine = Token._base_manager.get(name="My list")
    assert lea.post(open_salon.url(f"tokens/{mine.public_id}/revocation")).status_code == 303
    assert knock(open_salon, secret) == 401
    assert knock(open_salon, of_bea) == 200


def test_the_keys_of_others_are_not_among_one_s_own(open_salon: Business) -> None:
    """Not even for an administrator, who finds them in the set-up (I1)."""
    issued(open_salon)
    address = f"{only_token().public_id}/revocation"
    for name in ("lea", "alice"):
        client = signed_in(open_salon, name)
        with unchanged():
            assert client.get(open_salon.url(f"tokens/{address}")).status_code == 404
            assert client.post(open_salon.url(f"tokens/{address}")).status_code == 404
        assert "without a name" not in client.get(open_salon.url("tokens/")).content.decode()
    assert "without a name" in signed_in(open_salon, "alice").get(open_salon.url("set-up/tokens/")).content.decode()


def test_nobody_issues_a_key_of_somebody_else_without_being_an_administrator(salon: Business) -> None:
    """(I7)"""
    with unchanged(), pytest.raises(NotPermitted):
        issue_token(salon.access("bea"), salon.members["lea"])


def test_who_has_left_gets_no_key(open_salon: Business) -> None:
    Member._base_manager.filter(pk=open_salon.members["lea"].pk).update(active=False)
    with unchanged(), pytest.raises(Invalid):
        issued(open_salon, "lea")


# The end of a key


def test_a_key_opens_until_it_expires_and_is_then_one_that_does_not_exist(
    open_salon: Business, set_clock: Callable[[datetime], None]
) -> None:
    """To the instant, though the statement that finds it was written before."""
    until = open_salon.now + timedelta(days=2)
    secret = issued(open_salon, expires_at=until)
    set_clock(until - timedelta(microseconds=1))
    assert knock(open_salon, secret) == 200
    path, unknown = f"/api/v1/o/{open_salon.organisation.slug}/services", "carnet_" + "x" * 43
    set_clock(until)
    expired, nothing = (Client().get(path, headers={"Authorization": f"Bearer {one}"}) for one in (secret, unknown))
    assert (expired.status_code, expired.content) == (401, nothing.content)
    assert "Expired on" in signed_in(open_salon, "alice").get(open_salon.url("set-up/tokens/")).content.decode()


def test_an_expiry_that_has_passed_is_refused(open_salon: Business) -> None:
    with unchanged(), pytest.raises(Invalid):
        issued(open_salon, expires_at=open_salon.now)


def test_a_revoked_key_opens_nothing_from_the_next_request_on(open_salon: Business) -> None:
    secret = issued(open_salon)
    alice, token = signed_in(open_salon, "alice"), only_token()
    address = open_salon.url(f"set-up/tokens/{token.public_id}/revocation")
    assert knock(open_salon, secret) == 200
    assert alice.get(address).status_code == 200
    assert knock(open_salon, secret) == 200
    assert alice.post(address).status_code == 303
    assert knock(open_salon, secret) == 401
    # Twice is once.
    assert alice.post(address).status_code == 303
    with open_organisation(open_salon.organisation):
        assert Activity.objects.filter(kind="token.revoked").count() == 1


# Its last use


def test_a_use_is_noted_once_an_hour_to_the_minute(open_salon: Business, set_clock: Callable[[datetime], None]) -> None:
    secret = issued(open_salon)
    at = datetime(2031, 5, 6, 10, 20, 30, tzinfo=UTC)
    seen = []
    for minutes in (0, 1, 59, 60, 119, 121):
        set_clock(at + timedelta(minutes=minutes))
        with CaptureQueriesContext(connection) as statements:
            assert knock(open_salon, secret) == 200
        writes = [one for one in statements.captured_queries if (one["sql"] or "").startswith("UPDATE")]
        seen.append((len(writes), only_token().last_used_at))
    first, second, third = (at.replace(second=0) + timedelta(minutes=minutes) for minutes in (0, 60, 121))
    assert seen == [(1, first), (0, first), (0, first), (1, second), (0, second), (1, third)]


def test_only_a_key_that_opens_is_used(open_salon: Business, open_garage: Business) -> None:
    secret = issued(open_salon)
    assert knock(open_garage, secret) == 404
    assert only_token().last_used_at is None
    assert knock(open_salon, secret) == 200
    assert only_token().last_used_at is not None
