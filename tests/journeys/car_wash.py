"""Lavage Éclair, founded by the demo's own code: the business at which the seed document's procedures are walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import APIResponse, Page

from carnet.base.scopes import open_organisation
from carnet.demo.content.lavage_eclair import LAVAGE_ECLAIR
from carnet.demo.crew import Crew
from carnet.demo.founding import found
from carnet.demo.writing import write_customers
from carnet.organisations.access import Access
from carnet.organisations.actions import issue_token
from carnet.organisations.models import Member, Organisation, User
from tests.browser import NewPage

#: Who is who there.
ADMINISTRATOR, FRONT_DESK, PROVIDER = "Karim Vandamme", "Lucie Delattre", "Yanis Mouton"


@dataclass
class CarWash:
    """The business, and the people who work in it, each with a browser and a program of their own."""

    organisation: Organisation
    new_page: NewPage

    def url(self, path: str = "") -> str:
        return f"/o/{self.organisation.slug}/{path}"

    def system(self) -> Access:
        return Access.for_system(self.organisation, "test", datetime.now(UTC))

    def page_of(self, name: str, **options: object) -> Page:
        """Return the first page that this member meets after signing in."""
        page = self.new_page(**options)
        client = Client()
        client.force_login(User.objects.get(email=self._email(name)))
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "domain": "localhost", "path": "/"}]
        )
        page.goto(self.url())
        return page

    def program_of(self, name: str) -> Callable[[str], APIResponse]:
        """Return a function that reads an address of the API as this member."""
        with open_organisation(self.organisation):
            token = issue_token(self.system(), Member.objects.get(name=name))
        page = self.new_page()

        def read(path: str) -> APIResponse:
            address = f"/api/v1/o/{self.organisation.slug}/{path}"
            return page.request.get(address, headers={"Authorization": f"Bearer {token}", "Accept-Language": "fr"})

        return read

    def _email(self, name: str) -> str:
        return next(person.email for person in LAVAGE_ECLAIR.people if person.name == name)


@pytest.fixture
def car_wash(transactional_db: None, new_page: NewPage) -> CarWash:
    """Lavage Éclair as the demo leaves it: people, hours and customers, and Services not switched on yet."""
    now = datetime.now(UTC)
    organisation = found(LAVAGE_ECLAIR, now)
    with open_organisation(organisation):
        write_customers(Crew(LAVAGE_ECLAIR, organisation), now)
    return CarWash(organisation, new_page)
