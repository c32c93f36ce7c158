"""Invitations: bound to one person, one address and one business; accepted once, for a week; the link kept nowhere."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection
from django.test import Client

from carnet.base.errors import Invalid, NotPermitted
from carnet.base.scopes import open_organisation
from carnet.messages.actions import deliver_due
from carnet.messages.invitations import invite
from carnet.organisations.access import Access
from carnet.organisations.actions import (
    accept_invitation,
    add_member,
    end_membership,
    invite_member,
    revoke_invitation,
)
from carnet.organisations.errors import AboveOneself, ForSomebodyElse, InvitationSpent
from carnet.organisations.invitations import hash_of, link_for, opened_by, qr_code, secret_of
from carnet.organisations.models import Activity, Invitation, Member, Profile, Role, User
from carnet.outbox.models import Message
from tests.appointments.test_races import kinds, together
from tests.cast import Business
from tests.doors.world import digest

NEW = {"new_password1": "trois petits chats", "new_password2": "trois petits chats"}
NOE = "noe@mail.example"


def newcomer(business: Business, name: str = "Noé", profile: str = "provider") -> Member:
    return add_member(business.system, name, profile=Profile.objects.get(key=profile), role=Role.objects.get())


def invited(business: Business, email: str = NOE, name: str = "Noé") -> Invitation:
    return invite_member(business.access("alice"), newcomer(business, name), email)


def path(invitation: Invitation) -> str:
    return f"/accounts/invitations/{secret_of(invitation.public_id)}/"


def test_who_has_no_account_chooses_a_password_and_is_in(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        invitation = invited(open_salon)
    noe = Client()
    page = noe.get(path(invitation))
    assert NOE in page.content.decode()
    assert "no-store" in page.headers["Cache-Control"]
    answer = noe.post(path(invitation), NEW)
    assert (answer.status_code, answer.headers["Location"]) == (303, open_salon.url())
    assert noe.get(open_salon.url("my-day/")).status_code == 200
    assert Client().post("/accounts/login/", {"login": NOE, "password": "trois petits chats"}).status_code == 302
    with open_organisation(open_salon.organisation):
        joined = Activity.objects.get(kind="member.joined")
        assert (joined.actor, joined.changes) == ("Noé", {"email": [None, NOE]})


def test_a_weak_password_is_refused_and_the_invitation_stands(open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        invitation = invited(open_salon)
    for weak in ("short", "password12", NOE):
        answer = Client().post(path(invitation), {"new_password1": weak, "new_password2": weak})
        assert answer.status_code == 422, weak
    assert not User.objects.filter(email=NOE).exists()
    assert Client().post(path(invitation), NEW).status_code == 303


def test_an_account_joins_only_when_signed_in_with_the_invited_address(
    open_salon: Business, open_garage: Business
) -> None:
    """(I11) Neither a stranger with the link nor another account gets in, and the password stays its owner's."""
    with open_organisation(open_salon.organisation):
        invitation = invited(open_salon, "lea@garage.example", "Lea G.")
    before = open_garage.user("lea").password
    nobody, other, lea = Client(), Client(), Client()
    page = nobody.get(path(invitation)).content.decode()
    assert f"/accounts/login/?next={path(invitation)}" in page
    assert nobody.post(path(invitation), NEW).headers["Location"].startswith("/accounts/login/?next=")
    assert nobody.get(open_salon.url()).status_code == 302
    other.force_login(open_garage.user("max"))
    assert "max@garage.example" in other.get(path(invitation)).content.decode()
    assert other.post(path(invitation), NEW).status_code == 422
    assert other.get(open_salon.url()).status_code == 404
    lea.post("/accounts/login/", {"login": "lea@garage.example", "password": "a long password"})
    assert lea.get(open_salon.url()).status_code == 404
    assert lea.post(path(invitation)).headers["Location"] == open_salon.url()
    assert lea.get(open_salon.url("my-day/")).status_code == 200
    assert lea.get(open_garage.url("my-day/")).status_code == 200
    assert User.objects.get(email="lea@garage.example").password == before


def test_used_revoked_expired_and_made_up_links_get_one_and_the_same_page(open_salon: Business, set_clock: Any) -> None:
    """(I11)"""
    with open_organisation(open_salon.organisation):
        used, revoked, gone, replaced, expired = (
            invited(open_salon, f"{name}@mail.example", name) for name in ("a", "b", "c", "d", "e")
        )
        accept_invitation(used, open_salon.now, password="trois petits chats")
        revoke_invitation(open_salon.access("alice"), revoked.member)
        end_membership(open_salon.access("alice"), gone.member)
        invite_member(open_salon.access("alice"), replaced.member, "d@mail.example")
        Invitation.objects.filter(pk=expired.pk).update(expires_at=open_salon.now - timedelta(seconds=1))
    pages = set()
    before = digest()
    for link in [path(one) for one in (used, revoked, gone, replaced, expired)] + ["/accounts/invitations/guess/"]:
        for answer in (Client().get(link), Client().post(link, NEW)):
            assert answer.status_code == 410
            pages.add(re.sub(r'content="\w{64}"|value="[^"]*"', "", answer.content.decode()))
    assert len(pages) == 1
    assert digest() == before


def test_a_week_and_not_a_second_longer(salon: Business) -> None:
    invitation = invited(salon)
    secret = secret_of(invitation.public_id)
    assert opened_by(secret, salon.now + timedelta(days=7, seconds=-1)) == invitation
    assert opened_by(secret, salon.now + timedelta(days=7)) is None
    with pytest.raises(InvitationSpent):
        accept_invitation(invitation, salon.now + timedelta(days=7), password="trois petits chats")


def test_no_table_holds_the_secret_and_no_log_does(
    salon: Business, caplog: pytest.LogCaptureFixture, settings: LazySettings
) -> None:
    """Neither the invitation, nor the letter that waits, nor the history."""
    settings.MAIL_IS_SET_UP = True
    with caplog.at_level(0):
        invitation = invite(salon.access("alice"), newcomer(salon), NOE)
        Client().get(path(invitation))
        Client().post(path(invitation), NEW)
    secret = secret_of(invitation.public_id)
    assert invitation.hash == hash_of(secret)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert secret not in repr(cursor.fetchall()), table
    assert secret not in caplog.text


@pytest.mark.parametrize(("language", "words"), [("fr", "vous invite"), ("en", "invites you")])
def test_the_letter_leads_in_and_is_written_in_the_language_of_the_business(
    salon: Business, settings: LazySettings, language: str, words: str
) -> None:
    """(J5) Its link begins with the configured address."""
    settings.MAIL_IS_SET_UP, settings.BASE_ADDRESS = True, "https://carnet.example"
    salon.organisation.language = language
    access = Access(salon.organisation, salon.access("alice").actor, salon.now)
    invitation = invite(access, newcomer(salon), NOE)
    assert deliver_due(salon.system) == 1
    (letter,) = mail.outbox
    assert letter.to == [NOE]
    assert words in letter.subject
    assert f"https://carnet.example{path(invitation)}" in letter.body
    assert "Alice" in letter.body


def test_no_letter_leaves_for_an_invitation_that_is_void_or_where_no_mail_is_set_up(
    salon: Business, settings: LazySettings
) -> None:
    settings.MAIL_IS_SET_UP = True
    first = invite(salon.access("alice"), newcomer(salon), NOE)
    revoke_invitation(salon.access("alice"), first.member)
    settings.MAIL_IS_SET_UP = False
    invite(salon.access("alice"), first.member, NOE)
    assert deliver_due(salon.system) == 0
    assert mail.outbox == []
    assert set(Message.objects.values_list("state", flat=True)) == {"skipped"}


def test_only_who_can_be_invited_is(salon: Business) -> None:
    """(I11)"""
    alice, noe = salon.access("alice"), newcomer(salon)
    for member, email in ((salon.members["lea"], NOE), (noe, "LEA@salon.example")):
        with pytest.raises(Invalid):
            invite_member(alice, member, email)
    invite_member(alice, noe, NOE)
    with pytest.raises(Invalid):
        invite_member(alice, newcomer(salon, "Nora"), NOE)
    end_membership(alice, noe)
    with pytest.raises(Invalid):
        invite_member(alice, noe, NOE)
    with pytest.raises(NotPermitted):
        invite_member(salon.access("bea"), newcomer(salon, "Nils"), "nils@mail.example")


def test_nobody_invites_an_administrator_or_makes_one_without_being_one(salon: Business) -> None:
    """(I7)"""
    boss = newcomer(salon, "Boss", "administrator")
    Profile.objects.filter(key="front_desk").update(permissions=["members.edit"])
    bea = salon.access("bea")
    with pytest.raises(AboveOneself):
        invite_member(bea, boss, NOE)
    with pytest.raises(AboveOneself):
        add_member(bea, "Nina", profile=Profile.objects.get(administrator=True), role=Role.objects.get())
    invite_member(salon.access("alice"), boss, NOE)
    with pytest.raises(AboveOneself):
        revoke_invitation(bea, boss)


def test_a_member_of_another_business_is_not_invited_into_this_one(salon: Business, garage: Business) -> None:
    """(I2, I11)"""
    with open_organisation(garage.organisation):
        foreign = newcomer(garage)
    with pytest.raises((KeyError, Member.DoesNotExist)):
        invite_member(salon.access("alice"), foreign, NOE)


def test_who_is_a_member_already_under_that_address_is_not_taken_for_somebody_else(salon: Business) -> None:
    """The account was given to another member between the invitation and its acceptance."""
    invitation = invited(salon)
    user = User.objects.create_user(NOE, "a long password")
    Member.objects.filter(pk=salon.members["max"].pk).update(user=user)
    with pytest.raises(InvitationSpent):
        accept_invitation(invitation, salon.now, user=user)
    with pytest.raises(ForSomebodyElse):
        accept_invitation(invitation, salon.now, password="trois petits chats")
    assert Member.objects.get(pk=invitation.member_id).user is None


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_many_who_accept_at_once_one_is_in(salon: Business) -> None:
    """(I11) And against a revocation: either it was accepted, or it is void."""
    invitation = invited(salon)

    def accepting() -> User:
        return accept_invitation(invitation, salon.now, password="trois petits chats")

    results = together(salon, *[accepting] * 6)
    assert kinds(results)["User"] == 1, results
    assert set(kinds(results)) <= {"User", "InvitationSpent", "ForSomebodyElse"}
    alice, other = salon.access("alice"), invited(salon, "nora@mail.example", "Nora")
    together(
        salon,
        lambda: accept_invitation(other, salon.now, password="trois petits chats"),
        lambda: revoke_invitation(alice, other.member),
    )
    other.refresh_from_db()
    assert (other.accepted_at is None) != (other.revoked_at is None)
    assert (Member.objects.get(pk=other.member_id).user is None) == (other.accepted_at is None)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_an_account_that_accepts_in_many_windows_at_once_joins_once(salon: Business) -> None:
    """(I11) Nothing but the lock of the member stands between: no account is made, of which there is one only."""
    noe = User.objects.create_user(NOE, "trois petits chats")
    for number in range(4):
        invitation = invited(salon, name=f"Noé {number}")
        results = together(salon, *[partial(accept_invitation, invitation, salon.now, user=noe)] * 4)
        assert kinds(results) == {"User": 1, "InvitationSpent": 3}, results
        Member.objects.filter(pk=invitation.member_id).update(user=None, active=False)


def test_the_code_is_drawn_without_styles_or_scripts(salon: Business) -> None:
    svg = qr_code(link_for(invited(salon)))
    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "<script" not in svg
