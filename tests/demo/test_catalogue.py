"""What the demo's catalogues show: prices, add-ons, tags, outages to come, and pictures drawn by ourselves."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from carnet.base.scopes import open_organisation
from carnet.catalogue.actions.image import change_image
from carnet.catalogue.models import AddOn, LengthPrice, Outage, Picture, Service, ServiceMember, Tag
from carnet.demo import background
from carnet.demo.content import PLANS
from carnet.demo.founding import found
from carnet.demo.illustrations import HEIGHT, MOTIFS, WIDTH, illustration
from carnet.demo.pictures import hang_pictures
from tests.demo.conftest import OpenSalon, paris

NOW = paris("2026-11-24 10:30")


@pytest.mark.django_db
def test_each_business_with_a_catalogue_shows_what_a_catalogue_can_hold() -> None:
    dearer = lengths = hourly = 0
    for plan in PLANS[:3]:
        organisation = found(plan, NOW)
        with open_organisation(organisation):
            assert AddOn.objects.exists()
            assert Tag.objects.count() >= 3
            dearer += ServiceMember.objects.filter(price__isnull=False).count()
            lengths += LengthPrice.objects.count()
            hourly += Service.objects.filter(hourly=True, shortest=180, longest=360).count()
    assert min(dearer, lengths, hourly) > 0


def test_an_outage_is_planned_at_the_salon(open_small_salon: OpenSalon) -> None:
    open_small_salon(NOW)
    assert [row.service.name for row in Outage.objects.filter(starts_at__gt=NOW)] == ["Barbe"]


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_picture_is_drawn_the_same_each_time(motif: str) -> None:
    first = illustration(motif, 3)
    illustration.cache_clear()
    assert illustration(motif, 3) == first != illustration(motif, 4)
    with Image.open(io.BytesIO(first)) as image:
        assert image.size == (WIDTH, HEIGHT)
        assert len(image.getcolors(maxcolors=WIDTH * HEIGHT) or ()) > 2


def test_every_picture_that_a_plan_asks_for_can_be_drawn() -> None:
    asked = [sold.motif for plan in PLANS for sold in plan.services]
    assert set(asked) - {""} <= set(MOTIFS)
    assert sum(bool(motif) for motif in asked) > len(asked) / 2


def test_pictures_are_hung_once_and_what_a_visitor_hangs_stays(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    hung = hang_pictures(crew, NOW)
    assert hung == Picture.objects.count() == 12
    service = Service.objects.get(name="Frange")
    change_image(crew.administrator(NOW), service, None)
    assert hang_pictures(crew, NOW) == 0
    assert not Picture.objects.filter(service=service).exists()


def test_the_worker_hangs_them(open_small_salon: OpenSalon) -> None:
    crew = open_small_salon(NOW)
    background.hang_the_pictures.func(crew.organisation.pk)
    assert Picture.objects.exists()
