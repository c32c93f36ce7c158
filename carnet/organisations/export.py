"""Writing down everything an organisation holds: a table a file, in steps that may be interrupted, then one ZIP.

Where it stands is in the row of the `Export`: table, last row, and how long the file was by then. What was written
after that is cut off before it is written again, so a step may happen twice. Ids are public ones, the same in every
export of the organisation; secrets, and what is only derived from other rows, stay out.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from django.apps import apps
from django.db.models import BinaryField, Field, ForeignKey, Model

from carnet.base.locking import locked
from carnet.base.records import Addressable
from carnet.base.scopes import Tenant
from carnet.base.spreadsheet import BYTE_ORDER_MARK, written
from carnet.base.tasks import give_way, scoped_task
from carnet.base.unit_of_work import unit_of_work
from carnet.organisations.access import Access
from carnet.organisations.models import Export, Organisation, User
from carnet.organisations.removal import folder_of, tables_to_empty

#: Rows of one step; and of what holds pictures.
BATCH: Final = 500
PICTURES: Final = 20
#: Steps of one start of the task, so that others get their turn.
STEPS: Final = 20
#: Derived from other tables, or of no meaning outside.
LEFT_OUT: Final = frozenset({"LookupText", "IdempotencyKey", "Export", "WrittenDay"})
#: Never leave the house, whatever table they are in; the organisation is the same in all rows.
SECRET: Final = frozenset({"id", "public_id", "organisation", "hash", "version"})
#: Of an image only the largest drawing is handed out; a file as it was sent. Its table tells what it is called.
BYTES: Final = frozenset({"large", "data"})
SUFFIXES: Final = {"image/webp": ".webp", "image/png": ".png"}


@scoped_task
def write_export(access: Access, export_id: int) -> None:
    """Write on, and queue itself again until everything is written."""
    for _step in range(STEPS):
        if not write_some(access, export_id):
            return
        give_way()
    write_export.enqueue(access.organisation.pk, export_id)


def exported_tables() -> list[type[Model]]:
    """Return the tables that are written down, each after those that it refers to."""
    return [model for model in reversed(tables_to_empty()) if model.__name__ not in LEFT_OUT]


def count_rows() -> int:
    """Return how many rows there are to write."""
    return sum(model.objects.count() for model in exported_tables())  # type: ignore[attr-defined]


def file_of(export: Export) -> Path:
    return _folder(export).with_suffix(".zip")


def throw_away(export: Export) -> None:
    """Remove the file of an export and whatever was written for it."""
    shutil.rmtree(_folder(export), ignore_errors=True)
    file_of(export).unlink(missing_ok=True)


def write_some(access: Access, export_id: int) -> bool:
    """Write the next rows, or at the end the ZIP; return whether there is more to do."""
    export = Export.objects.select_related("organisation").filter(pk=export_id, finished_at=None).first()
    if export is None:
        return False
    tables = exported_tables()
    place = export.place or {"table": 0, "after": 0, "size": 0}
    if place["table"] >= len(tables):
        _pack(export)
        with unit_of_work():
            Export.objects.filter(pk=export.pk).update(finished_at=access.now)
        return False
    model = tables[place["table"]]
    pictures = any(isinstance(field, BinaryField) for field in model._meta.concrete_fields)
    most = PICTURES if pictures else BATCH
    rows = list(model.objects.filter(pk__gt=place["after"]).order_by("pk")[:most])
    size = _append(export, model, rows, place["size"])
    if len(rows) < most:
        new = {"table": place["table"] + 1, "after": 0, "size": 0}
    else:
        new = {"table": place["table"], "after": rows[-1].pk, "size": size}
    with unit_of_work():
        now = locked(Export.objects.all(), pk=export.pk)
        # Somebody else may have written the same rows at this moment: they count once.
        if now.place == export.place:
            now.place, now.rows = new, now.rows + len(rows)
            now.save(update_fields=["place", "rows"])
    return True


def _folder(export: Export) -> Path:
    return folder_of(export.organisation) / "exports" / str(export.public_id)


def _append(export: Export, model: type[Model], rows: Sequence[Model], size: int) -> int:
    """Write the rows behind the first `size` bytes of the table's file; return its length on the disk."""
    folder = _folder(export)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    columns = [field for field in model._meta.concrete_fields if field.name not in SECRET and not _is_binary(field)]
    told = _Told(export.organisation, model, rows)
    lines = [] if size else [["id", *(field.name for field in columns)]]
    lines += [[told.id(model, row.pk), *(told.text(row, field) for field in columns)] for row in rows]
    text = ("" if size else BYTE_ORDER_MARK) + written(lines)
    with open(folder / f"{model._meta.model_name}.csv", "ab") as file:
        file.truncate(size)
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
        length = file.tell()
    binary = [field.name for field in model._meta.concrete_fields if _is_binary(field) and field.name in BYTES]
    for name in binary:
        for row in rows:
            suffix = SUFFIXES.get(getattr(row, "content_type", "image/webp"), ".file")
            (folder / f"{told.id(model, row.pk)}{suffix}").write_bytes(bytes(getattr(row, name)))
    return length


def _pack(export: Export) -> None:
    """Make one file of all; it gets its name only once it is whole."""
    folder, whole = _folder(export), file_of(export)
    part = whole.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as packed:
        packed.writestr("organisation.json", json.dumps(_about(export.organisation), ensure_ascii=False, indent=1))
        for path in sorted(folder.iterdir()) if folder.exists() else ():
            place = {".csv": "", ".file": "files/"}.get(path.suffix, "images/")
            packed.write(path, f"{place}{path.name}")
    part.chmod(0o600)
    part.replace(whole)
    shutil.rmtree(folder, ignore_errors=True)


def _about(organisation: Organisation) -> dict[str, Any]:
    fields = [field.name for field in organisation._meta.concrete_fields if field.name not in {*SECRET, "timetable"}]
    told = {name: getattr(organisation, name) for name in fields}
    return {"id": str(organisation.public_id), **{name: _plain(value) for name, value in told.items()}}


def _is_binary(field: Field[Any, Any]) -> bool:
    return isinstance(field, BinaryField)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


class _Told:
    """The rows of one step in words: what they refer to is looked up once for all of them."""

    def __init__(self, organisation: Organisation, model: type[Model], rows: Iterable[Model]) -> None:
        self.organisation = organisation
        self.subjects: dict[str | None, type[Model]] = {
            one._meta.model_name: one for one in apps.get_models() if issubclass(one, Tenant)
        }
        self.subjects[Organisation._meta.model_name] = Organisation
        wanted: dict[type[Model], set[int]] = defaultdict(set)
        for row in rows:
            wanted[model].add(row.pk)
            for referred, pk in self._references(row):
                wanted[referred].add(pk)
        self.known = {one: self._public(one, pks) for one, pks in wanted.items()}

    def id(self, model: type[Model], pk: int) -> str:
        """Return the public id of a row; one without gets an id that is made of its own, and the same each time."""
        found = self.known.get(model, {}).get(pk)
        return str(found or uuid5(self.organisation.public_id, f"{model._meta.label}:{pk}"))

    def text(self, row: Model, field: Field[Any, Any]) -> str:
        value = getattr(row, field.attname)
        if value is None:
            return ""
        if isinstance(field, ForeignKey):
            return self.id(field.remote_field.model, value)
        if field.name == "subject_id":
            subject = self.subjects.get(getattr(row, "subject_kind", ""))
            return "" if subject is None else self.id(subject, value)
        if isinstance(value, dict | list):
            return json.dumps(value, ensure_ascii=False)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime):
            return value.isoformat()
        return str(_plain(value))

    def _references(self, row: Model) -> Iterable[tuple[type[Model], int]]:
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if isinstance(field, ForeignKey) and value is not None:
                yield field.remote_field.model, value
            elif field.name == "subject_id":
                subject = self.subjects.get(getattr(row, "subject_kind", ""))
                if subject is not None:
                    yield subject, value

    def _public(self, model: type[Model], pks: set[int]) -> Mapping[int, UUID | str]:
        if model is User:
            # By what somebody signs in with, members are told apart; nothing else of it is the organisation's.
            return dict(User.objects.filter(pk__in=pks).values_list("pk", "email"))
        if not issubclass(model, Addressable):
            return {}
        rows = model.objects.filter(pk__in=pks)  # type: ignore[attr-defined]
        return dict(rows.values_list("pk", "public_id"))
