"""The guards through the life of a schema: real migration operations, forwards and backwards, on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations import Migration
from django.db.migrations import operations as op
from django.db.migrations.state import ProjectState
from django.db.models import F, Q

from carnet.base.constraints import NoOverlap, SameOrganisation, tenant_constraints

pytestmark = pytest.mark.django_db(transaction=True)

GUARD = NoOverlap(name="trail_no_overlap", same=["chair", "lane"], condition="active")
SAME = SameOrganisation(name="trail_hold_chair_same_organisation", field="chair")
UNIQUE, *_ = tenant_constraints("trail_chair")
LASTS = models.CheckConstraint(name="trail_lasts", condition=Q(ends_at__gt=F("starts_at")))


def an_id() -> tuple[str, models.BigAutoField[Any, Any]]:
    return "id", models.BigAutoField(primary_key=True)


def refers_to(model: str) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(f"trail.{model}", on_delete=models.CASCADE, related_name="+")


def creation(*, chair: tuple[Any, ...] = (), hold: tuple[Any, ...] = ()) -> list[Any]:
    return [
        op.CreateModel("Business", [an_id()]),
        op.CreateModel("Chair", [an_id(), ("organisation", refers_to("Business"))], {"constraints": [*chair]}),
        op.CreateModel(
            "Hold",
            [
                an_id(),
                ("organisation", refers_to("Business")),
                ("chair", refers_to("Chair")),
                ("lane", models.PositiveSmallIntegerField(default=0)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("active", models.BooleanField(default=True)),
            ],
            {"constraints": [LASTS, *hold]},
        ),
    ]


class Trail:
    """A schema of its own that grows by migrations of any number of operations, and can be walked back."""

    def __init__(self) -> None:
        self.states = [ProjectState()]
        self.steps: list[Migration] = []

    def forwards(self, *operations: Any) -> None:
        migration = Migration(f"{len(self.steps):04}", "trail")
        migration.operations = list(operations)
        with connection.schema_editor(atomic=True) as editor:
            self.states.append(migration.apply(self.states[-1].clone(), editor))
        self.steps.append(migration)

    def backwards(self) -> None:
        self.states.pop()
        with connection.schema_editor(atomic=True) as editor:
            self.steps.pop().unapply(self.states[-1].clone(), editor)

    def model(self, name: str) -> Any:
        return self.states[-1].apps.get_model("trail", name)

    def refuses(self, write: Callable[[], Any]) -> bool:
        """Try the write and undo it; return whether the database refused it."""
        try:
            with transaction.atomic():
                write()
                connection.check_constraints()
                transaction.set_rollback(True)
        except IntegrityError:
            return True
        return False

    def guards_time(self, hold: str = "Hold", lane: str = "lane", start: str = "starts_at") -> bool:
        def write_twice() -> None:
            business = self.model("Business").objects.create()
            chair = self.model("Chair").objects.create(organisation=business)
            for minute in (0, 30):
                self.model(hold).objects.create(
                    organisation=business,
                    chair=chair,
                    **{lane: 0, start: datetime(2026, 3, 11, 10, minute, tzinfo=UTC)},
                    ends_at=datetime(2026, 3, 11, 11, minute, tzinfo=UTC),
                )

        return self.refuses(write_twice)

    def guards_organisation(self, hold: str = "Hold") -> bool:
        def mix() -> None:
            ours, theirs = (self.model("Business").objects.create() for _ in range(2))
            self.model(hold).objects.create(
                organisation=ours,
                chair=self.model("Chair").objects.create(organisation=theirs),
                starts_at=datetime(2026, 3, 11, 10, tzinfo=UTC),
                ends_at=datetime(2026, 3, 11, 11, tzinfo=UTC),
            )

        return self.refuses(mix)


@pytest.fixture
def trail() -> Iterator[Trail]:
    trail = Trail()
    yield trail
    with connection.schema_editor() as editor:
        for model in trail.states[-1].apps.get_models():
            editor.delete_model(model)


@pytest.mark.guard("no_overlap")
def test_both_come_with_the_table(trail: Trail) -> None:
    trail.forwards(*creation(chair=(UNIQUE,), hold=(GUARD, SAME)))
    assert trail.guards_time()
    assert trail.guards_organisation()


def test_both_can_be_added_in_any_order_in_one_migration(trail: Trail) -> None:
    """Generated migrations do not know that the foreign key needs the other table's unique constraint."""
    trail.forwards(*creation())
    assert not trail.guards_time()
    assert not trail.guards_organisation()
    trail.forwards(op.AddConstraint("hold", SAME), op.AddConstraint("chair", UNIQUE), op.AddConstraint("hold", GUARD))
    assert trail.guards_time()
    assert trail.guards_organisation()
    trail.forwards(op.RemoveConstraint("hold", SAME.name), op.RemoveConstraint("hold", GUARD.name))
    assert not trail.guards_time()
    assert not trail.guards_organisation()
    trail.backwards()
    assert trail.guards_time()
    assert trail.guards_organisation()


def test_both_stand_after_the_table_is_changed(trail: Trail) -> None:
    trail.forwards(*creation(chair=(UNIQUE,), hold=(GUARD, SAME)))
    changes: list[list[Any]] = [
        [op.AlterField("hold", "lane", models.PositiveIntegerField(default=0))],
        [op.AddField("hold", "note", models.CharField(max_length=20, default=""))],
        [op.AddField("chair", "name", models.CharField(max_length=20, default=""))],
        [op.AlterField("chair", "name", models.CharField(max_length=40, default="?"))],
        [op.RemoveField("hold", "note")],
        [op.AddConstraint("hold", models.CheckConstraint(name="trail_lane", condition=Q(lane__lt=9)))],
        [op.AddIndex("hold", models.Index(fields=["starts_at"], name="trail_start"))],
        # Several at once: what waits at the end of the migration must find the tables as they are by then.
        [
            op.AddField("hold", "more", models.IntegerField(default=0)),
            op.AlterField("hold", "more", models.BigIntegerField(default=0)),
            op.RemoveField("hold", "more"),
        ],
    ]
    for change in changes:
        trail.forwards(*change)
        assert trail.guards_time(), change
        assert trail.guards_organisation(), change
    for change in reversed(changes):
        trail.backwards()
        assert trail.guards_time(), change
        assert trail.guards_organisation(), change


def test_both_stand_after_the_table_is_renamed(trail: Trail) -> None:
    trail.forwards(*creation(chair=(UNIQUE,), hold=(GUARD, SAME)))
    trail.forwards(op.RenameModel("Hold", "Claim"))
    assert trail.guards_time("Claim")
    assert trail.guards_organisation("Claim")
    trail.forwards(op.AlterField("claim", "lane", models.PositiveIntegerField(default=0)))
    assert trail.guards_time("Claim")
    trail.backwards()
    trail.backwards()
    assert trail.guards_time()
    assert trail.guards_organisation()
    trail.backwards()


def test_a_table_may_be_made_renamed_and_changed_in_one_migration(trail: Trail) -> None:
    trail.forwards(
        *creation(chair=(UNIQUE,), hold=(GUARD, SAME)),
        op.AlterField("hold", "lane", models.PositiveIntegerField(default=0)),
        op.RenameModel("Hold", "Claim"),
    )
    assert trail.guards_time("Claim")
    assert trail.guards_organisation("Claim")


def test_columns_are_renamed_with_the_guard_taken_off_and_put_on_again(trail: Trail) -> None:
    """Which is what `makemigrations` writes, as for every constraint that names its fields."""
    trail.forwards(*creation(chair=(UNIQUE,), hold=(GUARD, SAME)))
    renamed = NoOverlap(name=GUARD.name, same=["chair", "place"], condition="active")
    trail.forwards(
        op.RemoveConstraint("hold", GUARD.name),
        op.RenameField("hold", "lane", "place"),
        op.AddConstraint("hold", renamed),
    )
    assert trail.guards_time(lane="place")
    trail.backwards()
    assert trail.guards_time()
