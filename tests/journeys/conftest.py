"""The salon as a browser meets it: at the real clock, open day and night, with a regular whom everybody knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions import create_service
from carnet.catalogue.details import ServiceDetails
from carnet.customers.actions import NewAddress, add_address, add_membership, add_note
from carnet.jobsheets.actions import complete_appointment
from carnet.resources.actions import set_business_hours, set_resource_hours
from carnet.resources.models import Resource
from tests.browser import NewPage
from tests.cast import Business, coming_day, open_business

SignedIn = Callable[..., Page]


@pytest.fixture
def business(transactional_db: None) -> Business:
    """The salon with an empty week from its day on."""
    return open_business("salon", now=datetime.now(UTC), day=coming_day())


@pytest.fixture
def always_open(business: Business) -> Business:
    """The salon open day and night, so that a visit can begin now whenever the tests run."""
    with open_organisation(business.organisation):
        windows = dict.fromkeys(range(7), ((0, 1440),))
        set_business_hours(business.system, windows)
        for resource in Resource.objects.all():
            set_resource_hours(business.system, resource, windows)
    return business


@pytest.fixture
def regular(business: Business) -> Business:
    """The salon whose customer Véra has two addresses, a plan, five services chosen, four visits to come, ten past."""
    with open_organisation(business.organisation):
        vera, system = business.customers["vera"], business.system
        office = NewAddress("14 boulevard de Sébastopol", "75004", "Paris", "Bureau", "3e étage, sonner deux fois")
        add_address(system, vera, office)
        add_note(system, vera, "Allergique à l’ammoniaque : jamais de décoloration.", pinned=True)
        add_note(system, vera, "Préfère le fauteuil près de la fenêtre.")
        expired = (business.now - timedelta(days=20)).date()
        add_membership(system, vera, "Carte dix coupes", number="A-1042", valid_until=expired, uses_left=3)
        providers = [business.members["lea"], business.members["max"]]
        for name, usual, price in (("Brushing", 30, 2800), ("Soin à la kératine", 60, 6500), ("Chignon", 75, 9000)):
            new = ServiceDetails(name, usual, price, members=providers)
            business.services[name] = create_service(system, replace(new, owner=business.members["alice"]))
        had = ["haircut", "haircut", "Brushing", "Chignon", "haircut", "Soin à la kératine", "both", "Brushing"]
        for weeks, service in enumerate([*had, "haircut", "haircut"], start=2):
            day = business.day - timedelta(weeks=weeks)
            place = {"place": "business"} if service == "both" else {}
            visit = business.book(service, "10:00", day=day, now=business.at("08:00", day), **place)
            complete_appointment(business.access("alice", visit.ends_at), visit)
        for weeks, service in enumerate(["haircut", "Brushing", "haircut", "Chignon"]):
            business.book(service, "11:00", day=business.day + timedelta(weeks=weeks))
    return business


@pytest.fixture
def signed_in(new_page: NewPage, business: Business) -> SignedIn:
    """Return a function that opens a page as a member; it takes the context's options."""

    def open_page(who: str = "bea", **options: object) -> Page:
        page = new_page(**options)
        client = Client()
        client.force_login(business.user(who))
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}]
        )
        return page

    return open_page
