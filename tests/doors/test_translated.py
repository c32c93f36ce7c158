"""Every page in a made-up language: what is not disguised there was forgotten when the words were translated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from carnet.base.scopes import open_organisation
from carnet.base.translations import write_pseudo
from carnet.catalogue.examples import examples
from carnet.catalogue.models import Category, Tag, Tax
from carnet.customisation.models import Layout, LayoutVersion
from carnet.customisation.predefined import MODULES, layout_names, predefined
from carnet.customisation.queries import fields_of
from carnet.desk.forms.guide import shown_zone
from carnet.organisations.countries import country_names, currency_names, known_zones, region_names
from carnet.organisations.models import Profile, Role, User
from carnet.resources.actions.closures import holidays_of
from tests.doors.crawl import Page, page_of
from tests.doors.matrix import BEFORE, PAGES, Row
from tests.doors.test_pages import pages_of
from tests.doors.world import World, fence_up, tried

CODE = "eo"
#: What stands on every page as it is: our own name, and the language's in itself.
AS_IT_IS = {"Carnet", "Esperanto"}


@pytest.fixture
def disguised(tmp_path: Path) -> Iterator[None]:
    """Django and the product speak the made-up language, whatever anybody prefers."""
    write_pseudo(tmp_path, CODE)
    with override_settings(LOCALE_PATHS=[tmp_path], LANGUAGES=[(CODE, "⟦Ḗşƥḗřȧƞŧǿ⟧")], LANGUAGE_CODE=CODE):
        yield


def data_of(world: World) -> re.Pattern[str]:
    """What no catalogue translates: names, contacts, addresses and notes of the cast, and whatever the rows send."""
    organisation = world.salon.organisation
    with fence_up(), open_organisation(organisation):
        named = (Profile, Role, Tax, Category, Tag)
        found = [name for model in named for name in model.objects.values_list("name", flat=True)]
        for version in LayoutVersion.objects.all():
            labels = [section["label"] for section in version.document["sections"]]
            labels += [field["label"] for field in fields_of(version.document)]
            found += [text for label in labels for text in label.values()]
        found += Layout.objects.exclude(label="").values_list("label", flat=True)
    # What every organisation begins with is written in the languages that it speaks, like what it adds.
    for module in MODULES:
        for name in layout_names(module):
            for section in predefined(module, name)["sections"]:
                found += section["label"].values()
                found += [text for field in section["fields"] for text in field["label"].values()]
    salon = world.salon
    found += [one.name for group in (salon.members, salon.services, salon.customers) for one in group.values()]
    found += ["Salon", "Garage", organisation.address, "Paris", "rue des Lilas", "Maison", "Code 4521"]
    found += ["Works on the pipes", "Clio", "With care", "By bicycle", "Allergic to ammonia", "Carte fidélité", "A 12"]
    # Holidays are named by the country, in the organisation's language; the country by whoever names countries.
    years = range(salon.now.year, salon.now.year + 2)
    found += holidays_of("FR", "", years, organisation.language).values()
    # Countries, regions, currencies and zones by whoever names them.
    named_by_others = (*country_names(CODE), *region_names("FR", CODE), *currency_names(CODE))
    found += [name for _code, name in named_by_others]
    found += [name for zone in (*known_zones(), organisation.zone) for name in (zone, shown_zone(zone))]
    found.append(organisation.currency)
    # Examples are written in the organisation's language; the pages speak another here.
    for example in examples():
        found += example.name.values()
        found += [text for one in example.services for text in (*one["name"].values(), *one["category"].values())]
    sent = [value for row in (*PAGES, *BEFORE) for value in [*(row.body or {}).values(), *row.query.values()]]
    found += [value for value in sent if isinstance(value, str)]
    return re.compile("|".join(re.escape(name) for name in sorted(filter(None, found), key=len, reverse=True)))


def undisguised(page: Page, data: re.Pattern[str]) -> Iterator[str]:
    """Yield the words of a page that are neither disguised nor data: the disguise leaves no plain letter but q."""
    for place, text in page.words:
        left = data.sub(" ", re.sub(r"\S+@\S+|https?://\S+", " ", text))
        if set(re.findall(r"[A-Za-z]{2,}", left)) - AS_IT_IS:
            yield f"{place}: {text}"


def pages_before(world: World) -> Iterator[Page]:
    """Yield the pages before any organisation, as nobody and as a member meets them."""
    world.names |= {"secret": "guessed", "token": "guessed", "uidb64": "MQ"}
    for row in BEFORE:
        if not row.route.path.startswith(("dev/", "demo/")):
            for who in ("", "tess"):
                for body in (row.body, {}):
                    with tried():
                        answer = world.send(Row(row.route, body=body), who)
                        if answer.content and answer.headers["Content-Type"].startswith("text/html"):
                            yield page_of(f"{row.route} {who}", answer)


def test_no_word_on_any_page_was_forgotten(world: World, disguised: None) -> None:
    User.objects.update(language=CODE)
    data, found = data_of(world), dict[str, str]()
    for page in [*(page for page, _answer in pages_of(world)), *pages_before(world)]:
        for line in undisguised(page, data):
            found.setdefault(line, page.address)
    assert not found, "\n".join(f"{line}   ({address})" for line, address in found.items())
