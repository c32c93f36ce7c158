"""NoOverlap: the database refuses what overlaps, whatever door it comes through, and goes on doing so (A1, A2)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F
from django.test.utils import isolate_apps
from django.utils import translation

from carnet.base.constraints import NoOverlap, violated
from carnet.base.locking import lock_in_order
from carnet.base.unit_of_work import repeatable
from tests.base.app.models import Business, Chair, Hold
from tests.base.conftest import House, at, at_once, furnished

pytestmark = pytest.mark.django_db

GUARD = "small_hold_no_overlap"


def refused_by(write: Callable[[], Any]) -> str | None:
    """Return the name of the constraint that refuses the write, and undo it; fails when nothing refuses."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        write()
    return violated(refusal.value)


# What overlaps, and what does not


@pytest.mark.guard("no_overlap")
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("10:00", "11:00"),  # the same
        ("10:15", "10:45"),  # inside
        ("09:00", "12:00"),  # around
        ("09:30", "10:00:00.000001"),  # into its first instant
        ("10:59:59.999999", "12:00"),  # from its last instant on
        ("10:00", "10:00:01"),  # sharing only the start
    ],
)
def test_what_overlaps_is_refused(house: House, start: str, end: str) -> None:
    """(A2)"""
    house.hold("10:00", "11:00")
    assert refused_by(lambda: house.hold(start, end)) == GUARD
    assert Hold.objects.count() == 1


def test_what_touches_stands_on_both_sides(house: House) -> None:
    """(A2) Half-open: one ends at the instant at which the next begins."""
    house.hold("10:00", "11:00")
    house.hold("11:00", "12:00")
    house.hold("09:00", "10:00")
    assert Hold.objects.count() == 3


def test_another_lane_or_another_chair_is_free(house: House) -> None:
    house.hold("10:00", "11:00")
    house.hold("10:00", "11:00", lane=1)
    house.hold("10:00", "11:00", chair=Chair.objects.create(organisation=house.business, name="at the back"))
    assert Hold.objects.count() == 3


def test_inactive_rows_neither_hold_nor_are_held(house: House) -> None:
    house.hold("10:00", "11:00", active=False)
    house.hold("10:00", "11:00")
    house.hold("10:00", "11:00", active=False)
    assert Hold.objects.count() == 3


@pytest.mark.guard("no_overlap")
def test_a_long_hold_is_seen_behind_later_ones_that_are_inactive(house: House) -> None:
    """The last row before the new end is asked; an inactive one must not hide the active one before it."""
    house.hold("08:00", "12:00")
    house.hold("10:00", "10:30", active=False)
    house.hold("10:45", "11:00", lane=1)
    assert refused_by(lambda: house.hold("11:00", "11:30")) == GUARD


def test_an_empty_hold_is_refused_by_its_own_constraint(house: House) -> None:
    """An empty range overlaps nothing, so it would slip through the guard."""
    house.hold("10:00", "11:00")
    assert refused_by(lambda: house.hold("10:30", "10:30")) == "small_hold_lasts"


def test_time_that_was_deleted_or_released_is_free_again(house: House) -> None:
    house.hold("10:00", "11:00").delete()
    hold = house.hold("10:00", "11:00")
    Hold.objects.filter(pk=hold.pk).update(active=False)
    house.hold("10:00", "11:00")


def test_the_guard_agrees_with_a_plain_comparison_of_all_pairs(house: House) -> None:
    """(A2) Every pair of spans on a coarse clock, with a third row in the lane."""
    clock = ["08:00", "09:00", "10:00", "11:00", "12:00", "13:00"]
    spans = [(a, b) for i, a in enumerate(clock) for b in clock[i + 1 :]]
    for first in spans:
        house.hold(*first)
        for second in spans:
            overlaps = first[0] < second[1] and second[0] < first[1]
            try:
                with transaction.atomic():
                    house.hold(*second).delete()
                stood = True
            except IntegrityError:
                stood = False
            assert stood is not overlaps, (first, second)
        Hold.objects.all().delete()


# Every door


@pytest.mark.guard("no_overlap")
def test_bulk_create_is_refused_whole(house: House) -> None:
    spans = [("10:00", "11:00"), ("12:00", "13:00"), ("12:30", "12:45")]
    assert refused_by(lambda: Hold.objects.bulk_create([house.unsaved(*span) for span in spans])) == GUARD
    assert not Hold.objects.exists()


@pytest.mark.guard("no_overlap")
def test_update_of_start_end_lane_or_chair_is_refused(house: House) -> None:
    house.hold("10:00", "11:00")
    later = Hold.objects.filter(pk=house.hold("12:00", "13:00").pk)
    beside = Hold.objects.filter(pk=house.hold("10:00", "11:00", lane=1).pk)
    back = Chair.objects.create(organisation=house.business, name="at the back")
    elsewhere = Hold.objects.filter(pk=house.hold("10:30", "10:45", chair=back).pk)
    assert refused_by(lambda: later.update(starts_at=at("10:59"))) == GUARD
    assert refused_by(lambda: later.update(starts_at=at("09:00"), ends_at=at("10:30"))) == GUARD
    assert refused_by(lambda: beside.update(lane=0)) == GUARD
    assert refused_by(lambda: elsewhere.update(chair=house.chair)) == GUARD
    assert (
        refused_by(lambda: later.update(ends_at=F("ends_at"), starts_at=F("starts_at") - timedelta(hours=2))) == GUARD
    )


@pytest.mark.guard("no_overlap")
def test_activating_an_inactive_row_is_refused_while_its_time_is_held(house: House) -> None:
    sleeping = Hold.objects.filter(pk=house.hold("10:30", "11:30", active=False).pk)
    holding = house.hold("10:00", "11:00")
    assert refused_by(lambda: sleeping.update(active=True)) == GUARD
    holding.delete()
    assert sleeping.update(active=True) == 1


def test_a_row_does_not_stand_in_its_own_way(house: House) -> None:
    hold = house.hold("10:00", "11:00")
    hold.starts_at, hold.ends_at = at("10:30"), at("11:30")
    hold.save()
    Hold.objects.filter(pk=hold.pk).update(ends_at=at("12:00"), active=True)
    assert Hold.objects.get().ends_at == at("12:00")


def test_full_clean_says_so_in_words(house: House) -> None:
    house.hold("10:00", "11:00")
    with translation.override("en"), pytest.raises(ValidationError, match="taken"):
        house.unsaved("10:30", "11:30").full_clean()
    house.unsaved("11:00", "11:30").full_clean()
    house.unsaved("10:30", "11:30", active=False).full_clean()
    Hold.objects.get().full_clean()


# At once


def refused_or_written(write: Callable[[], Hold]) -> str:
    try:
        write()
    except IntegrityError as error:
        return str(violated(error))
    return "written"


@pytest.mark.race
@pytest.mark.guard("no_overlap")
@pytest.mark.django_db(transaction=True)
def test_of_sixteen_at_once_on_one_slot_exactly_one_wins() -> None:
    """(A1) The others get a clean refusal that names the guard: no deadlock, no locked file, no time-out."""
    house = furnished()

    @repeatable
    def write() -> Hold:
        lock_in_order(Chair.objects.filter(pk=house.chair.pk))
        return house.hold("10:00", "11:00")

    for _round in range(5):
        outcomes = at_once(*[partial(refused_or_written, write)] * 16)
        assert sorted(outcomes, key=str) == [GUARD] * 15 + ["written"]
        assert Hold.objects.count() == 1
        Hold.objects.all().delete()


@pytest.mark.race
@pytest.mark.guard("no_overlap")
@pytest.mark.django_db(transaction=True)
def test_of_partly_overlapping_ones_at_once_what_stands_never_overlaps() -> None:
    """(A2) Different starts and lengths, no locks taken beforehand: the guard alone."""
    house = furnished()
    spans = [("10:00", "11:00"), ("10:30", "11:30"), ("11:00", "12:00"), ("09:15", "10:15"), ("10:45", "11:15")] * 3

    @repeatable
    def write(start: str, end: str) -> Hold:
        return house.hold(start, end)

    at_once(*[partial(refused_or_written, partial(write, *span)) for span in spans])
    standing = list(Hold.objects.order_by("starts_at"))
    assert standing
    for earlier, later in pairwise(standing):
        assert earlier.ends_at <= later.starts_at


# Years of history


@pytest.mark.django_db(transaction=True)
def test_200_000_past_holds_do_not_make_the_guard_read_more() -> None:
    """(A1) The plan, not the clock: the guard finds its one row by its index on both databases."""
    house = furnished()
    table, quote = Hold._meta.db_table, connection.ops.quote_name
    past = at("10:00", month=1, day=1)
    guard = next(one for one in Hold._meta.constraints if one.name == GUARD)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            # As text in the format in which Django writes instants.
            cursor.execute(
                f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)"
                f" INSERT INTO {quote(table)} (organisation_id, chair_id, lane, starts_at, ends_at, active)"
                " SELECT %s, %s, 0, strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s, '-' || (i * 30) || ' minutes'),"
                " strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s, '-' || (i * 30 - 30) || ' minutes'), 1 FROM n",
                [house.business.pk, house.chair.pk, "2026-01-01 10:00:00", "2026-01-01 10:00:00"],
            )
            # The very question the triggers ask.
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT ends_at FROM small_house_hold WHERE chair_id = %s AND lane = %s AND active"
                " AND starts_at < %s AND id <> %s ORDER BY starts_at DESC LIMIT 1",
                [house.chair.pk, 0, "2026-03-11 11:00:00", 1],
            )
            plan = [row[3] for row in cursor.fetchall()]
            assert plan == [
                f"SEARCH small_house_hold USING INDEX {GUARD}_index (chair_id=? AND lane=? AND starts_at<?)"
            ]
            cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table])
            triggers = [row[0] for row in cursor.fetchall()]
            assert len(triggers) == 2
            assert all('ORDER BY "starts_at" DESC LIMIT 1' in trigger for trigger in triggers)
        else:
            # One build of the index at the end instead of 200,000 insertions into it.
            with connection.schema_editor() as editor:
                editor.remove_constraint(Hold, guard)
            cursor.execute(
                f"INSERT INTO {quote(table)} (organisation_id, chair_id, lane, starts_at, ends_at, active)"
                " SELECT %s, %s, 0, %s - i * interval '30 minutes', %s - (i - 1) * interval '30 minutes', true"
                " FROM generate_series(1, 200000) AS i",
                [house.business.pk, house.chair.pk, past, past],
            )
            with connection.schema_editor() as editor:
                editor.add_constraint(Hold, guard)
            cursor.execute(f"ANALYZE {quote(table)}")
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [GUARD])
            definition = cursor.fetchone()[0]
            assert "USING gist" in definition
            assert "WHERE active" in definition
            # What the exclusion asks of its index, asked by hand: the plan must find it there, not in the table.
            cursor.execute(
                "EXPLAIN SELECT 1 FROM small_house_hold WHERE active"
                " AND int8range(chair_id, chair_id, '[]') && int8range(%s, %s, '[]')"
                " AND int8range(lane, lane, '[]') && int8range(0, 0, '[]')"
                " AND tstzrange(starts_at, ends_at, '[)') && tstzrange(%s, %s, '[)')",
                [house.chair.pk, house.chair.pk, at("10:00"), at("11:00")],
            )
            plan = [row[0] for row in cursor.fetchall()]
            assert any(GUARD in line and "Index" in line for line in plan), plan
    assert Hold.objects.count() == 200_000
    house.hold("10:00", "11:00")
    assert refused_by(lambda: house.hold("10:30", "11:00")) == GUARD


# Migrations


def altered(field: models.Field[Any, Any], name: str) -> models.Field[Any, Any]:
    field.set_attributes_from_name(name)
    field.model = Hold
    return field


@pytest.mark.guard("no_overlap")
@pytest.mark.django_db(transaction=True)
def test_the_guard_stands_after_a_later_alter_field() -> None:
    """SQLite rebuilds the table then, and forgets its triggers unless they are declared so that they come along."""
    small, large = Hold._meta.get_field("lane"), altered(models.PositiveIntegerField(default=0), "lane")
    house = furnished()
    house.hold("10:00", "11:00")
    with connection.schema_editor() as editor:
        editor.alter_field(Hold, small, large)
    try:
        assert refused_by(lambda: house.hold("10:30", "11:30")) == GUARD
        sleeping = Hold.objects.filter(pk=house.hold("10:30", "11:30", active=False).pk)
        assert refused_by(lambda: sleeping.update(active=True)) == GUARD
    finally:
        with connection.schema_editor() as editor:
            editor.alter_field(Hold, large, small)
    assert refused_by(lambda: house.hold("10:30", "11:30")) == GUARD


def test_deconstruction_makes_an_equal_constraint() -> None:
    guard = next(one for one in Hold._meta.constraints if one.name == GUARD)
    path, args, kwargs = guard.deconstruct()
    assert path == "carnet.base.constraints.NoOverlap"
    assert NoOverlap(*args, **kwargs) == guard == guard.clone()
    assert hash(NoOverlap(*args, **kwargs)) == hash(guard)
    assert NoOverlap(**{**kwargs, "same": ["chair"]}) != guard
    assert NoOverlap(**{**kwargs, "violation_error_message": "Taken."}) != guard


@isolate_apps("tests.base.app")
def test_columns_that_may_be_null_are_refused_by_the_system_check() -> None:
    """A range without a bound overlaps everything on PostgreSQL and nothing on SQLite."""

    class Loose(models.Model):
        chair = models.ForeignKey(Business, null=True, on_delete=models.CASCADE)
        starts_at = models.DateTimeField()
        ends_at = models.DateField()
        active = models.BooleanField()

        class Meta:
            app_label = "small_house"

        def __str__(self) -> str:
            return ""

    found = NoOverlap(name="loose", same=["chair"], condition="active")._check(Loose, connection)
    assert [message.id for message in found] == ["carnet.E001", "carnet.E002"]
