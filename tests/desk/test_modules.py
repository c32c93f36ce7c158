"""Modules: Services switched on and off, for which profiles; what nobody else may know of; job sheets or none."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from carnet.appointments.models import Appointment
from carnet.base.errors import Hidden, Invalid, ModuleOff, NotPermitted, StaleVersion
from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import add_outage, edit_service
from carnet.catalogue.details import details_of
from carnet.catalogue.models import Service
from carnet.customers.actions import pin_service
from carnet.customisation.actions import switch_module, use_job_sheets
from carnet.customisation.models import Module
from carnet.desk.forms.service import ServiceForm
from carnet.desk.forms.service_typed import as_posted
from carnet.jobsheets.actions import complete_appointment, fill_job_sheet
from carnet.jobsheets.models import JobSheet
from carnet.organisations.access import Access
from carnet.organisations.actions import issue_token, set_module_rights
from carnet.organisations.errors import AboveOneself
from carnet.organisations.models import Activity, Member, Profile
from tests.cast import Business
from tests.doors.world import digest, words

SEE, CREATE, EDIT, DELETE = (f"catalogue.{right}" for right in ("see", "create", "edit", "delete"))
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def as_member(business: Business, name: str) -> Client:
    client = Client()
    client.force_login(business.user(name))
    return client


@pytest.fixture
def alice(open_salon: Business) -> Client:
    return as_member(open_salon, "alice")


def profile(business: Business, key: str) -> Profile:
    found = Profile._base_manager.get(organisation=business.organisation, key=key)
    assert isinstance(found, Profile)
    return found


def rights(business: Business, key: str) -> set[str]:
    return {one for one in profile(business, key).permissions if one.startswith("catalogue.")}


def key_of(business: Business, key: str) -> str:
    return str(profile(business, key).public_id)


def is_on(business: Business, module: str = "services") -> bool:
    found = Module._base_manager.filter(organisation=business.organisation, key=module).first()
    return isinstance(found, Module) and found.on


def switch_off(business: Business, module: str = "services") -> None:
    Module._base_manager.filter(organisation=business.organisation, key=module).update(on=False)


def program(business: Business, name: str) -> dict[str, str]:
    """Return the headers with which a program acts as this member."""
    with open_organisation(business.organisation):
        member = Member.objects.get(pk=business.members[name].pk)
        return {"Authorization": f"Bearer {issue_token(business.system, member)}", "Accept-Language": "en"}


def api(business: Business, path: str) -> str:
    return f"/api/v1/o/{business.organisation.slug}/{path}"


def tick(client: Client, business: Business, *keys: str, **more: object) -> int:
    """Send « Autorisation de module » with these profiles ticked; return the status."""
    sent = {"profiles": [key_of(business, key) for key in keys], **more}
    return client.post(business.url("set-up/services/"), sent).status_code


# Switching on


def test_an_administrator_switches_services_on_beside_the_profiles_and_gets_started(
    alice: Client, open_salon: Business
) -> None:
    switch_off(open_salon)
    day = alice.get(open_salon.url(), follow=True).content.decode()
    assert f'href="{open_salon.url("set-up/services/")}"' in day
    page = alice.get(open_salon.url("set-up/services/")).content.decode()
    assert 'value="on"' in page
    assert 'id="get-started"' not in page
    assert tick(alice, open_salon, "provider", switch="on") == 303
    page = alice.get(open_salon.url("set-up/services/")).content.decode()
    assert 'id="get-started"' in page
    assert f'href="{open_salon.url("services/")}"' in page
    assert is_on(open_salon)
    assert (rights(open_salon, "front_desk"), rights(open_salon, "provider")) == (set(), {SEE})


def test_an_administrator_switches_services_on_in_modules_and_fields_for_the_profiles_that_had_it(
    alice: Client, open_salon: Business
) -> None:
    switch_off(open_salon)
    page = alice.get(open_salon.url("set-up/modules/")).content.decode()
    assert "Switch the module on" in page
    answer = alice.post(open_salon.url("set-up/services/switch"), {"switch": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (303, open_salon.url("set-up/services/"))
    assert 'id="get-started"' in alice.get(answer.headers["Location"]).content.decode()
    assert is_on(open_salon)
    assert (rights(open_salon, "front_desk"), rights(open_salon, "provider")) == ({SEE}, {SEE})


@pytest.mark.parametrize("name", ["bea", "lea"])
def test_nobody_else_finds_the_switch(open_salon: Business, name: str) -> None:
    member = as_member(open_salon, name)
    assert "set-up/services/switch" not in member.get(open_salon.url("services/"), follow=True).content.decode()
    nothing = member.get(open_salon.url("nothing/"))
    for path in ("set-up/services/", "set-up/services/switch", "set-up/modules/"):
        answer = member.get(open_salon.url(path))
        assert (answer.status_code, words(answer)) == (404, words(nothing)), path
    for path in ("set-up/services/", "set-up/services/switch"):
        assert member.post(open_salon.url(path), {"switch": "off"}).status_code == 404, path
    assert is_on(open_salon)


def test_switching_twice_changes_once_and_stands_in_the_history_once(alice: Client, open_salon: Business) -> None:
    for wanted in ("off", "off", "on", "on"):
        alice.post(open_salon.url("set-up/services/switch"), {"switch": wanted})
    with open_organisation(open_salon.organisation):
        said = Activity.objects.filter(kind="module.switched", actor="Alice").order_by("pk")
        assert [row.changes["services"] for row in said] == [[True, False], [False, True]]


def test_a_form_that_says_neither_on_nor_off_switches_nothing(alice: Client, open_salon: Business) -> None:
    for wanted in ("", "maybe", "ON"):
        assert alice.post(open_salon.url("set-up/services/switch"), {"switch": wanted}).status_code == 422
    assert is_on(open_salon)


def test_while_it_is_off_the_address_of_the_module_leads_an_administrator_to_the_switch(
    alice: Client, open_salon: Business
) -> None:
    switch_off(open_salon)
    page = alice.get(open_salon.url("services/"))
    assert page.status_code == 200
    assert 'id="switch-on"' in page.content.decode()
    assert alice.get(open_salon.url("services/"), headers=HTMX)["HX-Redirect"] == open_salon.url("set-up/services/")
    assert as_member(open_salon, "bea").get(open_salon.url("services/")).status_code == 404
    assert alice.get(open_salon.url("services/new")).status_code == 404


def test_the_agenda_says_that_it_is_off_and_offers_only_administrators_to_switch_it_on(
    alice: Client, open_salon: Business
) -> None:
    switch_off(open_salon)
    day = open_salon.url(f"day/{open_salon.day.isoformat()}/")
    for name in ("alice", "bea", "lea"):
        page = as_member(open_salon, name).get(day).content.decode()
        assert "Services is switched off" in page, name
        assert ("Switch Services on" in page) == (name == "alice"), name


# For whom


def test_a_profile_without_its_tick_meets_nothing_at_once_by_page_and_by_api(
    alice: Client, open_salon: Business
) -> None:
    """With a session and a token that were there before (C12)."""
    bea, lea = as_member(open_salon, "bea"), as_member(open_salon, "lea")
    beas, leas = program(open_salon, "bea"), program(open_salon, "lea")
    assert bea.get(open_salon.url("services/")).status_code == 200
    assert bea.get(api(open_salon, "services"), headers=beas).status_code == 200
    assert tick(alice, open_salon, "provider") == 303
    nothing = bea.get(open_salon.url("nothing/")), bea.get(api(open_salon, "nothing"), headers=beas)
    service = open_salon.services["haircut"].public_id
    for path in ("services/", f"services/{service}/", f"services/{service}/next", "services/new"):
        answer = bea.get(open_salon.url(path))
        assert (answer.status_code, words(answer)) == (404, words(nothing[0])), path
    for path in ("services", "services?limit=many", "services?no=such"):
        answer = bea.get(api(open_salon, path), headers=beas)
        assert (answer.status_code, answer.content) == (404, nothing[1].content), path
    assert bea.get(open_salon.url("booking/")).status_code == 403
    page = bea.get(open_salon.url(), follow=True).content.decode()
    assert open_salon.url("services/") not in page
    assert open_salon.url("booking/") not in page
    assert lea.get(open_salon.url("services/")).status_code == 200
    assert lea.get(api(open_salon, "services"), headers=leas).status_code == 200
    assert tick(alice, open_salon, "provider", "front_desk") == 303
    assert bea.get(open_salon.url("services/")).status_code == 200
    assert bea.get(api(open_salon, "services"), headers=beas).status_code == 200


def test_with_the_right_to_see_only_the_rest_is_refused_as_not_permitted(open_salon: Business) -> None:
    assert as_member(open_salon, "bea").get(open_salon.url("services/new")).status_code == 403


def test_who_may_not_see_services_reads_of_a_visit_only_what_was_sold(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        vera = open_salon.customers["vera"]
        visit = open_salon.book("haircut", "10:00")
        pin_service(open_salon.access("alice"), vera, open_salon.services["colour"])
        haircut = open_salon.services["haircut"]
        edit_service(open_salon.access("alice"), haircut, replace(details_of(haircut), name="Secret", price=9900))
        add_outage(open_salon.access("alice"), haircut, open_salon.at("13:00"), open_salon.at("18:00"))
    bea, headers = as_member(open_salon, "bea"), program(open_salon, "bea")
    pages = [
        f"customers/{vera.public_id}/",
        f"appointments/{visit.public_id}/",
        f"appointments/{visit.public_id}/schedule/",
        f"day/{open_salon.day.isoformat()}/",
        f"day/{open_salon.day.isoformat()}/list/",
        "customers/?q=vera",
        "customers/lookup?q=vera",
    ]
    operations = [f"customers/{vera.public_id}", "customers?q=vera", f"appointments/{visit.public_id}"]
    screen = unescape(bea.get(open_salon.url(pages[0])).content.decode())
    assert "Secret" in screen
    assert "Couleur" in screen
    assert "Book again" in screen
    assert tick(alice, open_salon, "provider") == 303
    told = {path: unescape(bea.get(open_salon.url(path)).content.decode()) for path in pages}
    told |= {path: bea.get(api(open_salon, path), headers=headers).content.decode() for path in operations}
    for path, text in told.items():
        assert not re.search("Secret|99[.,]00|Couleur|Jardin|Coiffage", text), path
        assert "Véra" in text or "Coupe" in text, path
    screen = told[pages[0]]
    assert "Coupe" in screen
    assert "Book again" not in screen
    assert open_salon.url("booking/") not in screen
    moved = {"start": open_salon.at("15:00").isoformat(), "who": "same", "reason": "team", "version": "1"}
    refused = unescape(bea.post(open_salon.url(pages[2]), moved).content.decode())
    assert "Coupe is temporarily unavailable" in refused
    assert "Secret" not in refused
    assert str(open_salon.services["haircut"].public_id) not in screen


def test_who_cannot_book_creates_a_customer_from_what_was_typed_all_the_same(
    alice: Client, open_salon: Business
) -> None:
    bea = as_member(open_salon, "bea")
    assert (
        open_salon.url("booking/?phone=07") in bea.get(open_salon.url("customers/?q=07 11 22 33 44")).content.decode()
    )
    switch_off(open_salon)
    page = bea.get(open_salon.url("customers/?q=07 11 22 33 44")).content.decode()
    assert open_salon.url("booking/") not in page
    assert open_salon.url("customers/new?q=07") in page
    lea = as_member(open_salon, "lea")
    assert "answer-create" not in lea.get(open_salon.url("customers/?q=07 11 22 33 44")).content.decode()


def test_a_service_is_pinned_only_by_who_sees_it(alice: Client, open_salon: Business) -> None:
    bea = as_member(open_salon, "bea")
    address = open_salon.url(f"customers/{open_salon.customers['vera'].public_id}/pins")
    assert tick(alice, open_salon) == 303
    answer = bea.post(address, {"service": str(open_salon.services["haircut"].public_id)})
    assert answer.status_code == 404


def test_the_four_rights_are_given_apart(alice: Client, open_salon: Business) -> None:
    desk, provider = key_of(open_salon, "front_desk"), key_of(open_salon, "provider")
    assert tick(alice, open_salon, "front_desk", rights=[f"{desk}:{CREATE}", f"{desk}:{EDIT}"]) == 303
    assert (rights(open_salon, "front_desk"), rights(open_salon, "provider")) == ({SEE, CREATE, EDIT}, set())
    page = alice.get(open_salon.url("set-up/services/")).content.decode()
    assert '<details class="detail" open>' in page
    # Deleting comes with seeing, also for a profile without its tick until now.
    assert tick(alice, open_salon, "front_desk", rights=[f"{provider}:{DELETE}"]) == 303
    assert (rights(open_salon, "front_desk"), rights(open_salon, "provider")) == ({SEE}, {SEE, DELETE})
    # The tick taken away takes everything with it, though further rights are still ticked where they are folded away.
    assert tick(alice, open_salon, "front_desk", rights=[f"{provider}:{DELETE}"]) == 303
    assert rights(open_salon, "provider") == set()
    with open_organisation(open_salon.organisation):
        kept = set(profile(open_salon, "provider").permissions)
        assert "appointments.close" in kept
        said = Activity.objects.filter(kind="profile.changed", actor="Alice")
        assert said.count() == 5


def test_profiles_of_administrators_are_not_offered_and_cannot_be_sent(alice: Client, open_salon: Business) -> None:
    assert key_of(open_salon, "administrator") not in alice.get(open_salon.url("set-up/services/")).content.decode()
    assert tick(alice, open_salon, "administrator") == 422
    assert rights(open_salon, "front_desk") == {SEE}


def test_a_profile_of_another_organisation_or_a_right_that_is_none_changes_nothing(
    alice: Client, open_salon: Business, open_garage: Business
) -> None:
    """(I2)"""
    foreign, own = key_of(open_garage, "front_desk"), key_of(open_salon, "front_desk")
    for sent in (
        {"profiles": [foreign]},
        {"rights": [f"{foreign}:{CREATE}"]},
        {"rights": [f"{own}:set_up.edit"]},
        {"rights": [f"{own}:{SEE}:{CREATE}"]},
        {"profiles": ["front_desk"]},
    ):
        answer = alice.post(open_salon.url("set-up/services/"), {**sent, "switch": "on"})
        assert answer.status_code == 422, sent
    assert rights(open_salon, "front_desk") == rights(open_garage, "front_desk") == {SEE}


def test_of_two_administrators_the_second_sees_what_the_first_decided_before_deciding(
    alice: Client, open_salon: Business
) -> None:
    """(D1)"""
    desk, provider = profile(open_salon, "front_desk"), profile(open_salon, "provider")
    shown = {f"version-{one.public_id}": str(one.version) for one in (desk, provider)}
    assert tick(alice, open_salon, "front_desk", rights=[f"{desk.public_id}:{EDIT}"], **shown) == 303
    answer = alice.post(
        open_salon.url("set-up/services/"), {"profiles": [str(desk.public_id), str(provider.public_id)], **shown}
    )
    page = unescape(answer.content.decode())
    assert answer.status_code == 412
    assert "Someone else changed this" in page
    assert re.search(rf'value="{desk.public_id}:{EDIT}"[^>]* checked', page)
    assert (rights(open_salon, "front_desk"), rights(open_salon, "provider")) == ({SEE, EDIT}, set())
    # The same decision sent twice is taken once.
    assert tick(alice, open_salon, "front_desk", rights=[f"{desk.public_id}:{EDIT}"], **shown) == 303


def test_a_stale_decision_switches_nothing_on_either(alice: Client, open_salon: Business) -> None:
    switch_off(open_salon)
    desk = profile(open_salon, "front_desk")
    shown = {f"version-{desk.public_id}": str(desk.version)}
    Profile._base_manager.filter(pk=desk.pk).update(version=7)
    assert tick(alice, open_salon, switch="on", **shown) == 412
    assert not is_on(open_salon)


@pytest.fixture
def tess(salon: Business) -> Access:
    """Somebody who may change the set-up, and of the catalogue only see it."""
    own = Profile.objects.create(
        organisation=salon.organisation, name="Tess", permissions=["set_up.edit", "profiles.edit", SEE]
    )
    Member.objects.filter(pk=salon.members["max"].pk).update(profile=own)
    return salon.access("max")


@pytest.mark.guard("access_require")
def test_rights_are_given_only_by_who_may_change_the_set_up(salon: Business) -> None:
    with pytest.raises(Hidden):
        set_module_rights(salon.access("bea"), "services", {profile(salon, "front_desk"): {SEE, DELETE}})
    assert rights(salon, "front_desk") == {SEE}


def test_nobody_gives_a_right_that_they_lack(salon: Business, tess: Access) -> None:
    with pytest.raises(NotPermitted):
        set_module_rights(tess, "services", {profile(salon, "front_desk"): {SEE, DELETE}})
    assert rights(salon, "front_desk") == {SEE}
    # The front desk may more than she does: nothing is taken from it either (I7).
    with pytest.raises(AboveOneself):
        set_module_rights(tess, "services", {profile(salon, "front_desk"): set()})
    assert rights(salon, "front_desk") == {SEE}
    # Taking away, and giving what is one's own, from who may less is another matter.
    small = Profile.objects.create(organisation=salon.organisation, name="Small", permissions=[SEE])
    set_module_rights(tess, "services", {small: set()})
    set_module_rights(tess, "services", {small: {SEE}})
    assert Profile.objects.get(name="Small").permissions == [SEE]


def test_a_set_of_decisions_is_taken_whole_or_not_at_all(salon: Business, garage: Business) -> None:
    """(I2)"""
    wanted = {profile(salon, "provider"): {SEE, EDIT}, profile(garage, "front_desk"): set()}
    with pytest.raises(Invalid):
        set_module_rights(salon.access("alice"), "services", wanted)
    with pytest.raises(Invalid):
        set_module_rights(salon.access("alice"), "services", {profile(salon, "administrator"): set()})
    with pytest.raises(StaleVersion):
        set_module_rights(
            salon.access("alice"),
            "services",
            {profile(salon, "front_desk"): set(), profile(salon, "provider"): {SEE, EDIT}},
            seen={profile(salon, "provider").pk: 0},
        )
    assert (rights(salon, "front_desk"), rights(salon, "provider")) == ({SEE}, {SEE})


@pytest.mark.django_db(transaction=True)
def test_of_two_administrators_at_once_no_decision_is_lost_unseen(open_salon: Business) -> None:
    """One of both is told that the other was first (D1)."""
    start, told = Barrier(2), []
    desk = profile(open_salon, "front_desk")

    def decide(right: str) -> None:
        try:
            with open_organisation(open_salon.organisation):
                access = open_salon.access("alice")
                start.wait()
                set_module_rights(access, "services", {desk: {SEE, right}}, seen={desk.pk: desk.version})
                told.append(right)
        except StaleVersion:
            pass
        finally:
            connection.close()

    both = [Thread(target=decide, args=(right,)) for right in (CREATE, EDIT)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(told) == 1
    assert rights(open_salon, "front_desk") == {SEE, told[0]}


# Switching off


def test_switched_off_and_on_again_everything_is_as_it_was(alice: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        visit = open_salon.book("haircut", "10:00")
    before = digest()
    assert "stay in the calendar" in alice.get(open_salon.url("set-up/services/switch")).content.decode()
    answer = alice.post(open_salon.url("set-up/services/switch"), {"switch": "off"})
    assert answer.headers["Location"] == open_salon.url("set-up/modules/")
    bea = as_member(open_salon, "bea")
    assert "Coupe" in bea.get(open_salon.url(f"appointments/{visit.public_id}/")).content.decode()
    assert str(visit.public_id) in bea.get(open_salon.url(f"day/{open_salon.day.isoformat()}/")).content.decode()
    with open_organisation(open_salon.organisation), pytest.raises(ModuleOff):
        open_salon.book("haircut", "12:00")
    assert bea.get(open_salon.url("booking/")).status_code == 403
    alice.post(open_salon.url("set-up/services/switch"), {"switch": "on"})
    after = digest()
    changed = {table for table in after if after[table] != before[table]}
    # The history tells of both, and the module of when; everything else is the same to the letter.
    assert changed == {"organisations_activity", "customisation_module"}
    with open_organisation(open_salon.organisation):
        open_salon.book("haircut", "12:00")
        assert Appointment.objects.count() == 2


# Job sheets


def test_whoever_sees_the_services_switches_job_sheets_and_reaches_nothing_else_of_the_set_up(
    open_salon: Business,
) -> None:
    bea = as_member(open_salon, "bea")
    assert open_salon.url("set-up/services/preferences") in bea.get(open_salon.url(), follow=True).content.decode()
    page = bea.get(open_salon.url("set-up/services/preferences")).content.decode()
    assert "Yes, I want to use job sheets in my organisation" in page
    assert 'value="yes" checked' in re.sub(r' id="\S+"| required', "", page)
    others = set(re.findall(rf'"{open_salon.url("set-up/")}([^"]*)"', page))
    assert others == {"services/preferences"}
    assert bea.post(open_salon.url("set-up/services/preferences"), {"use": "no"}).status_code == 303
    assert not is_on(open_salon, "job_sheets")
    assert bea.post(open_salon.url("set-up/services/preferences"), {"use": "yes"}).status_code == 303
    assert is_on(open_salon, "job_sheets")
    assert bea.post(open_salon.url("set-up/services/preferences"), {"use": "perhaps"}).status_code == 422


@pytest.mark.guard("access_require")
def test_who_does_not_see_the_services_does_not_find_their_preferences(alice: Client, open_salon: Business) -> None:
    bea = as_member(open_salon, "bea")
    tick(alice, open_salon, "provider")
    assert "set-up/" not in bea.get(open_salon.url(), follow=True).content.decode()
    assert bea.get(open_salon.url("set-up/services/preferences")).status_code == 404
    assert bea.post(open_salon.url("set-up/services/preferences"), {"use": "no"}).status_code == 404
    with open_organisation(open_salon.organisation), pytest.raises(Hidden):
        use_job_sheets(open_salon.access("bea"), False)
    assert is_on(open_salon, "job_sheets")


def test_without_job_sheets_tab_section_and_gate_are_gone_and_come_back_with_their_data(salon: Business) -> None:
    from carnet.desk.queries.appointments import visible_appointments, visit_of

    visit = salon.book("colour", at="09:00", now=salon.now)
    fill_job_sheet(salon.access("lea", visit.starts_at), visit, {})

    def seen() -> tuple[bool, bool, bool]:
        shown = visit_of(salon.access("lea", visit.ends_at), visible_appointments(salon.access("lea")).get(pk=visit.pk))
        return shown.sheet_shown, shown.sheet_demanded, shown.sheet is not None

    before = seen()
    assert before[:2] == (True, True)
    use_job_sheets(salon.access("bea"), False)
    assert seen() == (False, False, False)
    sheets = JobSheet.objects.count()
    use_job_sheets(salon.access("bea"), True)
    assert (seen(), JobSheet.objects.count()) == (before, sheets)
    use_job_sheets(salon.access("bea"), False)
    complete_appointment(salon.access("lea", visit.ends_at), visit)


def test_without_job_sheets_a_service_says_nothing_of_them_and_forgets_nothing(
    alice: Client, open_salon: Business
) -> None:
    colour = open_salon.services["colour"]
    addresses = [open_salon.url(f"services/{colour.public_id}/{path}") for path in ("", "edit")]

    def told() -> list[bool]:
        return ["Job sheet information" in alice.get(address).content.decode() for address in addresses]

    assert told() == [True, True]
    switch_off(open_salon, "job_sheets")
    assert told() == [False, False]
    with open_organisation(open_salon.organisation):
        form = ServiceForm(open_salon.access("alice"), of=details_of(colour), initial={"version": colour.version})
        sent = as_posted(form)
    sent["name"] = "Couleurs"
    assert (
        alice.post(addresses[1], sent.urlencode(), content_type="application/x-www-form-urlencoded").status_code == 303
    )
    with open_organisation(open_salon.organisation):
        kept = Service.objects.get(pk=colour.pk)
        assert (kept.name, kept.asks_job_sheet) == ("Couleurs", True)
        switch_module(open_salon.system, "job_sheets", True)
    assert told() == [True, True]


def test_switching_the_services_module_needs_more_than_seeing_it(salon: Business) -> None:
    with pytest.raises(Hidden):
        switch_module(salon.access("bea"), "services", False)
    with pytest.raises(Hidden):
        switch_module(salon.access("bea"), "job_sheets", False)
