"""SameOrganisation: a row cannot refer to another organisation's row, however it is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from django.utils import translation

from carnet.base.constraints import SameOrganisation, tenant_constraints
from tests.base.app.models import Business, Chair, Hold
from tests.base.conftest import House, furnished

pytestmark = [pytest.mark.django_db, pytest.mark.guard("same_organisation")]


def refused(write: Callable[[], Any]) -> None:
    """Assert that the database refuses the write by the end of the transaction, and undo it."""
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 (PostgreSQL refuses only when asked)
        write()
        connection.check_constraints()


def test_create_with_another_organisations_row_is_refused(house: House) -> None:
    refused(lambda: house.hold("10:00", "11:00", chair=house.other_chair))
    refused(lambda: house.hold("10:00", "11:00", organisation=house.other_business))
    house.hold("10:00", "11:00")
    connection.check_constraints()


def test_bulk_create_and_update_are_refused_too(house: House) -> None:
    refused(lambda: Hold.objects.bulk_create([house.unsaved("10:00", "11:00", chair=house.other_chair)]))
    holds = Hold.objects.filter(pk=house.hold("10:00", "11:00").pk)
    refused(lambda: holds.update(chair=house.other_chair))
    refused(lambda: holds.update(organisation=house.other_business))


def test_a_row_that_is_referred_to_cannot_change_its_organisation(house: House) -> None:
    house.hold("10:00", "11:00")
    refused(lambda: Chair.objects.filter(pk=house.chair.pk).update(organisation=house.other_business))


def test_a_row_may_refer_to_one_of_its_own_table_and_organisation_only(house: House) -> None:
    theirs = house.hold("08:00", "09:00", organisation=house.other_business, chair=house.other_chair)
    ours = house.hold("08:00", "09:00")
    refused(lambda: house.hold("10:00", "11:00", instead_of=theirs))
    house.hold("10:00", "11:00", instead_of=ours)
    connection.check_constraints()


@pytest.mark.django_db(transaction=True)
def test_the_check_comes_with_the_commit() -> None:
    """Like Django's own foreign keys: inside a transaction rows may come in any order."""
    house = furnished()
    reached = []
    with pytest.raises(IntegrityError), transaction.atomic():  # noqa: PT012 (where it raises is the point)
        house.hold("10:00", "11:00", chair=house.other_chair)
        reached.append("the end of the block")
    assert reached
    assert not Hold.objects.exists()
    with transaction.atomic():
        hold = house.hold("10:00", "11:00", chair=house.other_chair)
        Hold.objects.filter(pk=hold.pk).update(chair=house.chair)
    assert Hold.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_stands_after_a_later_alter_field_of_either_table() -> None:
    house = furnished()
    house.hold("10:00", "11:00")

    def altered(model: type[models.Model], name: str, field: models.Field[Any, Any]) -> None:
        field.set_attributes_from_name(name)
        field.model = model
        old = model._meta.get_field(name)
        for before, after in ((old, field), (field, old)):
            with connection.schema_editor() as editor:
                editor.alter_field(model, before, after)
            refused(lambda: house.hold("12:00", "13:00", chair=house.other_chair))

    altered(Hold, "lane", models.PositiveIntegerField(default=0))
    altered(Chair, "name", models.CharField(max_length=80))


def test_full_clean_says_so_in_words(house: House) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="another organisation"):
        house.unsaved("10:00", "11:00", chair=house.other_chair).full_clean()
    house.unsaved("10:00", "11:00").full_clean()


def test_deconstruction_makes_an_equal_constraint() -> None:
    constraint = SameOrganisation(name="small_hold_chair_same_organisation", field="chair")
    path, args, kwargs = constraint.deconstruct()
    assert path == "carnet.base.constraints.SameOrganisation"
    assert SameOrganisation(*args, **kwargs) == constraint == tenant_constraints("small_hold", "chair")[1]
    assert SameOrganisation(name=constraint.name, field="instead_of") != constraint


@isolate_apps("tests.base.app")
def test_a_target_that_is_not_unique_within_its_organisation_is_refused_by_the_system_check() -> None:
    class Stool(models.Model):
        organisation = models.ForeignKey(Business, on_delete=models.CASCADE)

        class Meta:
            app_label = "small_house"

        def __str__(self) -> str:
            return ""

    class Seat(models.Model):
        organisation = models.ForeignKey(Business, on_delete=models.CASCADE)
        stool = models.ForeignKey(Stool, on_delete=models.CASCADE)

        class Meta:
            app_label = "small_house"

        def __str__(self) -> str:
            return ""

    found = SameOrganisation(name="seat_stool_same_organisation", field="stool")._check(Seat, connection)
    assert [message.id for message in found] == ["carnet.E003"]
