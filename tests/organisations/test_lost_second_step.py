"""Whoever has lost phone, passkeys and recovery codes is let in again by a command, and all concerned hear of it."""

from __future__ import annotations

import pytest
from django.core import mail
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.organisations.actions import add_member
from carnet.organisations.doors import COMMAND
from carnet.organisations.letters import tell_owner
from carnet.organisations.models import Activity, Member, Profile, Role, SignIn
from carnet.organisations.second_step import add_app, has_second_step, new_recovery_codes, steps_of
from carnet.running.lost_second_step import remove_second_step
from carnet.running.places import Refused
from tests.cast import Business

LOGIN = "/accounts/login/"
RIGHT = {"login": "bea@salon.example", "password": "a long password"}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def test_the_password_alone_signs_in_again_and_each_organisation_reads_of_it(
    open_salon: Business, open_garage: Business
) -> None:
    bea = open_salon.user("bea")
    with open_organisation(open_garage.organisation):
        profile, role = Profile.objects.get(key="provider"), Role.objects.get()
        add_member(open_garage.system, "Béa", profile=profile, role=role, user=bea)
    before = Client()
    before.force_login(bea)
    add_app(bea, SECRET)
    new_recovery_codes(bea)
    assert "second-step" in Client().post(LOGIN, RIGHT).headers["Location"]
    assert "bea@salon.example" in remove_second_step(" Bea@Salon.example")
    assert not steps_of(bea).exists()
    assert not SignIn.objects.filter(user=bea).exists()
    assert before.get("/o/salon/").status_code == 302
    assert Client().post(LOGIN, RIGHT).headers["Location"] == "/"
    for business, name in ((open_salon, "Bea"), (open_garage, "Béa")):
        with open_organisation(business.organisation):
            told = Activity.objects.get(kind="member.second_step_taken_away")
            assert (told.actor_kind, told.door) == ("system", COMMAND)
            assert told.subject_id == Member.objects.get(name=name).pk
    tell_owner.func(bea.pk, "second_step_taken_away", bea.email)
    assert "said to be lost" in mail.outbox[-1].body
    assert not has_second_step(bea)


def test_a_profile_that_requires_a_second_step_asks_for_a_new_one(open_salon: Business) -> None:
    """(J9) The command opens no organisation that wants more than a password."""
    bea = open_salon.user("bea")
    Profile._base_manager.filter(pk=open_salon.members["bea"].profile_id).update(second_step=True)
    add_app(bea, SECRET)
    remove_second_step(bea.email)
    client = Client()
    client.post(LOGIN, RIGHT)
    assert client.get("/o/salon/").headers["Location"].startswith("/accounts/second-step/")


@pytest.mark.parametrize(
    ("email", "said"), [("nobody@salon.example", "Nobody signs in"), ("lea@salon.example", "has no second step")]
)
def test_where_there_is_nothing_to_take_away_the_command_says_so(open_salon: Business, email: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        remove_second_step(email)


def test_who_has_lost_everything_reads_on_the_page_what_to_do(open_salon: Business) -> None:
    add_app(open_salon.user("bea"), SECRET)
    client = Client(headers={"Accept-Language": "en"})
    page = client.post(LOGIN, RIGHT, follow=True).content.decode()
    assert "Phone, passkeys and recovery codes are all lost?" in page
    assert "Tell an administrator" in page
