"""An administrator invites somebody; the invited person accepts in a browser of their own and is in the calendar."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser import PHONE, NewPage, axe
from tests.cast import Business
from tests.journeys.conftest import SignedIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_who_is_invited_by_a_link_accepts_it_and_lands_in_the_calendar(
    signed_in: SignedIn, new_page: NewPage, business: Business
) -> None:
    """(3.5) No mail is set up, so the link is copied from the page; used once more, it opens nothing."""
    alice = signed_in("alice", locale="en-GB")
    alice.goto(business.url("set-up/members/"))
    alice.get_by_role("link", name="Add a member").click()
    alice.get_by_label("Name", exact=True).fill("Noé Îlot")
    alice.get_by_label("E-mail address to sign in with").fill("noe@mail.example")
    alice.get_by_role("button", name="Save").click()
    expect(alice.get_by_role("heading", level=1)).to_have_text("Noé Îlot")
    expect(alice.get_by_role("img", name="The link as a QR code")).to_be_visible()
    axe(alice)
    address = urlsplit(alice.get_by_label("Link", exact=True).input_value()).path

    noe = new_page(viewport=PHONE, locale="fr-FR", expecting=410)
    noe.goto(address)
    axe(noe)
    noe.get_by_label("Nouveau mot de passe", exact=True).fill("trois petits chats")
    noe.get_by_label("Nouveau mot de passe, encore une fois").fill("trois petits chats")
    noe.get_by_role("button", name="Accepter").click()
    noe.wait_for_url(f"**{business.url()}**")
    expect(noe.get_by_role("heading", level=1)).to_be_visible()
    axe(noe)

    noe.goto(address)
    expect(noe.get_by_role("heading", level=1)).to_have_text("Cette invitation n’est plus valable")
    axe(noe)
    alice.reload()
    expect(alice.get_by_role("definition").filter(has_text="noe@mail.example")).to_be_visible()
    expect(alice.get_by_label("Link", exact=True)).to_have_count(0)
