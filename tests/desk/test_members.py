"""One member in the set-up: deactivating with whoever takes over, and taking back."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import LazySettings
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.catalogue.models import Service
from carnet.organisations.actions import add_member, issue_token
from carnet.organisations.invitations import link_for
from carnet.organisations.models import Invitation, Member, Profile, Role
from carnet.outbox.models import Message
from tests.cast import Business


def signed_in(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


def address(business: Business, name: str, what: str = "") -> str:
    return business.url(f"set-up/members/{business.members[name].public_id}/{what}")


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def deactivate(client: Client, business: Business, name: str, **typed: str) -> Any:
    """Send the form as the page gives it."""
    page = client.get(address(business, name, "deactivation")).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(seen|version)" value="(\w*)"', page))
    return client.post(address(business, name, "deactivation"), fields | typed)


def test_a_member_is_deactivated_with_the_visits_taken_over_and_is_out_at_once(open_salon: Business) -> None:
    """(C5) The session and the key to the API that were open the moment before open nothing."""
    with open_organisation(open_salon.organisation):
        visit = open_salon.book(at="10:00")
        secret = issue_token(open_salon.access("alice"), open_salon.members["lea"])
    alice, lea = signed_in(open_salon, "alice"), signed_in(open_salon, "lea")
    key = {"Authorization": f"Bearer {secret}"}
    services = "/api/v1/o/salon/services"
    assert lea.get(open_salon.url("my-day/")).status_code == 200
    assert Client().get(services, headers=key).status_code == 200
    page = alice.get(address(open_salon, "lea", "deactivation"))
    assert "taken over by Max" in text(page)
    assert str(visit.public_id) in page.content.decode()
    assert deactivate(alice, open_salon, "lea").headers["Location"] == open_salon.url("set-up/members/")
    assert lea.get(open_salon.url("my-day/")).status_code == 404
    assert Client().get(services, headers=key).status_code == 401
    members = alice.get(open_salon.url("set-up/members/")).content.decode()
    assert members.index("Deactivated") < members.index("Lea")


def test_visits_in_the_way_are_counted_and_each_is_a_link(open_salon: Business) -> None:
    """(C5)"""
    with open_organisation(open_salon.organisation):
        visit = open_salon.book(at="10:00")
        open_salon.book(at="10:15", member="max", customer="omar")
    alice = signed_in(open_salon, "alice")
    page = alice.get(address(open_salon, "lea", "deactivation"))
    assert "1 coming visit can be taken over by nobody" in text(page)
    assert f'href="{open_salon.url(f"appointments/{visit.public_id}/")}"' in page.content.decode()
    assert 'id="deactivate"' not in page.content.decode()
    refused = deactivate(alice, open_salon, "lea")
    assert refused.status_code == 409
    assert "Move or cancel it first" in text(refused)
    with open_organisation(open_salon.organisation):
        assert Member.objects.get(name="Lea").active


def test_what_was_not_seen_is_not_taken_over(open_salon: Business) -> None:
    alice = signed_in(open_salon, "alice")
    page = alice.get(address(open_salon, "lea", "deactivation")).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(seen|version)" value="(\w*)"', page))
    with open_organisation(open_salon.organisation):
        open_salon.book(at="10:00")
    answer = alice.post(address(open_salon, "lea", "deactivation"), fields)
    assert "Something has changed since you looked" in text(answer)
    with open_organisation(open_salon.organisation):
        assert Member.objects.get(name="Lea").active


def test_what_a_member_owns_goes_to_whom_the_form_names(open_salon: Business, open_garage: Business) -> None:
    with open_organisation(open_salon.organisation):
        Service.objects.update(owner=open_salon.members["lea"])
    alice = signed_in(open_salon, "alice")
    assert "4 services" in text(alice.get(address(open_salon, "lea", "deactivation")))
    for heir in ("", str(open_garage.members["max"].public_id), str(open_salon.members["lea"].public_id)):
        assert deactivate(alice, open_salon, "lea", heir=heir).status_code == 422
    deactivate(alice, open_salon, "lea", heir=str(open_salon.members["max"].public_id))
    with open_organisation(open_salon.organisation):
        assert set(Service.objects.values_list("owner__name", flat=True)) == {"Max"}


def test_a_deactivated_member_is_taken_back(open_salon: Business) -> None:
    alice, lea = signed_in(open_salon, "alice"), signed_in(open_salon, "lea")
    deactivate(alice, open_salon, "lea")
    answer = alice.post(address(open_salon, "lea", "reactivation"))
    assert answer.headers["Location"] == address(open_salon, "lea")
    assert lea.get(open_salon.url("my-day/")).status_code == 200
    # Its page of leaving is for members only.
    deactivate(alice, open_salon, "lea")
    assert alice.get(address(open_salon, "lea", "deactivation")).headers["Location"] == address(open_salon, "lea")


def test_nobody_deactivates_oneself_or_somebody_above(open_salon: Business) -> None:
    """(I7, I8)"""
    alice = signed_in(open_salon, "alice")
    assert "member-deactivate" not in alice.get(address(open_salon, "alice")).content.decode()
    heir = str(open_salon.members["max"].public_id)
    assert deactivate(alice, open_salon, "alice", heir=heir).status_code == 422
    with open_organisation(open_salon.organisation):
        profile = open_salon.members["bea"].profile
        profile.permissions = [*profile.permissions, "members.edit"]
        profile.save()
    bea = signed_in(open_salon, "bea")
    assert "member-deactivate" not in bea.get(address(open_salon, "alice")).content.decode()
    assert deactivate(bea, open_salon, "alice", heir=heir).status_code == 403
    assert bea.get(address(open_salon, "lea", "deactivation")).status_code == 200
    with open_organisation(open_salon.organisation):
        assert Member.objects.filter(active=True).count() == 4


def with_noe(business: Business) -> None:
    with open_organisation(business.organisation):
        profile = Profile.objects.get(key="provider")
        business.members["noe"] = add_member(business.system, "Noé", profile=profile, role=Role.objects.get())


def test_the_link_of_an_invitation_is_shown_once_where_no_mail_is_set_up(open_salon: Business) -> None:
    with_noe(open_salon)
    alice = signed_in(open_salon, "alice")
    assert "CARNET_SMTP_HOST" in text(alice.get(address(open_salon, "noe")))
    answer = alice.post(address(open_salon, "noe", "invitation"), {"email": "noe@mail.example"})
    assert (answer.status_code, answer.headers["Location"]) == (303, address(open_salon, "noe"))
    with open_organisation(open_salon.organisation):
        link = link_for(Invitation.objects.get())
    first, again = (alice.get(address(open_salon, "noe")).content.decode() for _look in range(2))
    assert link in first
    assert "<svg" in first.split('class="qr"')[1]
    assert link not in again
    assert "noe@mail.example" in again
    assert "noe@mail.example" in text(alice.get(open_salon.url("set-up/members/")))


def test_with_mail_the_letter_is_on_its_way_and_the_link_on_no_page(
    open_salon: Business, settings: LazySettings
) -> None:
    settings.MAIL_IS_SET_UP = True
    with_noe(open_salon)
    alice = signed_in(open_salon, "alice")
    alice.post(address(open_salon, "noe", "invitation"), {"email": "noe@mail.example"})
    page = alice.get(address(open_salon, "noe")).content.decode()
    assert "on its way to noe@mail.example" in page
    assert "/accounts/invitations/" not in page
    with open_organisation(open_salon.organisation):
        assert Message.objects.get().recipient == "noe@mail.example"


def test_an_invitation_is_sent_again_and_revoked(open_salon: Business) -> None:
    with_noe(open_salon)
    alice, where = signed_in(open_salon, "alice"), address(open_salon, "noe", "invitation")
    for _time in range(2):
        alice.post(where, {"email": "noe@mail.example"})
    with open_organisation(open_salon.organisation):
        new, old = Invitation.objects.all()
    assert Client().get(urlsplit(link_for(old)).path).status_code == 410
    assert Client().get(urlsplit(link_for(new)).path).status_code == 200
    alice.post(f"{where}/end")
    assert Client().get(urlsplit(link_for(new)).path).status_code == 410
    assert alice.post(where, {"email": "nobody"}).status_code == 422
    refused = alice.post(where, {"email": "bea@salon.example"})
    assert (refused.status_code, 'id="id_email_error"' in refused.content.decode()) == (422, True)


def test_members_of_another_organisation_do_not_exist_here(open_salon: Business, open_garage: Business) -> None:
    """(I1)"""
    alice = signed_in(open_salon, "alice")
    foreign = open_salon.url(f"set-up/members/{open_garage.members['lea'].public_id}/")
    assert alice.get(foreign).status_code == 404
    assert alice.get(f"{foreign}deactivation").status_code == 404
    assert alice.post(f"{foreign}deactivation", {"version": "1"}).status_code == 404
    assert alice.post(f"{foreign}reactivation").status_code == 404
