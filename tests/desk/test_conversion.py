"""« Convertir en un autre type »: chosen, previewed and confirmed on a page that needs no script."""

from __future__ import annotations

import pytest
from django.test import Client

from carnet.base.scopes import open_organisation
from carnet.customers.actions import NewCustomer, create_customer
from carnet.customers.models import Customer
from carnet.customisation.models import Conversion
from carnet.customisation.queries import current_layout
from tests.cast import Business
from tests.laid_out import add_fields, text


@pytest.fixture
def boss(open_salon: Business, client: Client) -> Client:
    client.force_login(open_salon.user("alice"))
    return client


def with_doors(business: Business, *values: str, **more: object) -> str:
    """Lay out a line of text, let a customer hold each value in it, and return the address of its conversion."""
    with open_organisation(business.organisation):
        key = add_fields(business, text("Doors", **more))[-1]
        for at, value in enumerate(values):
            create_customer(business.access("bea"), NewCustomer(f"C{at}", custom={key: value}))
    return business.url(f"set-up/layouts/customers/standard/fields/{key}/conversion")


def test_the_preview_changes_nothing_and_names_what_does_not_convert(boss: Client, open_salon: Business) -> None:
    """(C8)"""
    url = with_doors(open_salon, "3", "five")
    page = boss.get(url, {"type": "number"}).content.decode()
    assert "C1" in page
    assert "This must be a number." in page
    with open_organisation(open_salon.organisation):
        assert not Conversion.objects.exists()
        assert [len(one.custom) for one in Customer.objects.filter(name__in=("C0", "C1"))] == [1, 1]


def test_confirmed_it_is_done_and_told_with_what_was_left(boss: Client, open_salon: Business) -> None:
    """(C8)"""
    url = with_doors(open_salon, "3", "five")
    with open_organisation(open_salon.organisation):
        version = current_layout(open_salon.access("alice"), "customers").number
    assert boss.post(url, {"type": "number", "version": version})["Location"].endswith("/conversion")
    page = boss.get(url).content.decode()
    assert "The field was converted" in page
    assert "1 value was copied into it." in page
    assert "This must be a number." in page
    # The address leads to what came of it from now on; sent again it converts nothing more.
    assert boss.post(url, {"type": "number", "version": version}).status_code == 200
    with open_organisation(open_salon.organisation):
        assert Conversion.objects.count() == 1


def test_who_looked_at_an_older_layout_is_told_and_nothing_is_converted(boss: Client, open_salon: Business) -> None:
    url = with_doors(open_salon, "3")
    assert boss.post(url, {"type": "number", "version": "0"}).status_code == 412
    assert boss.post(url, {"type": "lines", "version": "1"}).status_code == 422
    with open_organisation(open_salon.organisation):
        assert not Conversion.objects.exists()


def test_all_that_does_not_convert_is_a_table_in_which_nothing_is_run(boss: Client, open_salon: Business) -> None:
    """Before and after it is converted."""
    url = with_doors(open_salon, "=1+1", "3")
    before = b"".join(boss.get(f"{url}/left", {"type": "number"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "C0,'=1+1,This must be a number.,http" in before
    assert "C1" not in before
    with open_organisation(open_salon.organisation):
        version = current_layout(open_salon.access("alice"), "customers").number
    boss.post(url, {"type": "number", "version": version})
    after = b"".join(boss.get(f"{url}/left").streaming_content).decode()  # type: ignore[attr-defined]
    assert after == before


def test_the_values_typed_are_proposed_as_choices(boss: Client, open_salon: Business) -> None:
    url = with_doors(open_salon, "Clio", "Twingo", "clio")
    page = boss.get(url, {"type": "choice"})
    assert page.context["form"]["choices"].value() == "Clio\nTwingo"
    assert page.context["preview"].converting == 3


def test_of_job_sheets_it_is_said_that_kept_ones_stay(boss: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        key = add_fields(open_salon, text("Doors"), module="job_sheets")[-1]
    url = open_salon.url(f"set-up/layouts/job_sheets/standard/fields/{key}/conversion")
    assert "Sheets that were filled in stay as they are" in boss.get(url, {"type": "number"}).content.decode()
    assert boss.get(f"{url}/left", {"type": "number"}).status_code == 404


def test_a_field_that_cannot_be_converted_has_no_such_page(boss: Client, open_salon: Business) -> None:
    with open_organisation(open_salon.organisation):
        key = add_fields(open_salon, {"type": "member", "label": {"en": "Who"}})[-1]
    for field in (key, "f0", "name"):
        assert (
            boss.get(open_salon.url(f"set-up/layouts/customers/standard/fields/{field}/conversion")).status_code == 404
        )


def test_the_page_is_written_in_the_readers_language(boss: Client, open_salon: Business) -> None:
    user = open_salon.user("alice")
    user.language = "fr"
    user.save()
    url = with_doors(open_salon, "3", "cinq")
    page = boss.get(url, {"type": "number"}).content.decode()
    assert "Il faut un nombre." in page
    assert "Ce que cela donnerait" in page
