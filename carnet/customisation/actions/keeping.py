"""Custom values of records: judged by the layout, and copied to where they are found, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from carnet.base.constraints import violated
from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.customisation.actions.files import drop_files, files_in, hold_files
from carnet.customisation.lookups import known_of
from carnet.customisation.models import FieldValue
from carnet.customisation.predefined import STANDARD
from carnet.customisation.queries import Document, FieldEntry, all_fields, current_layout, key_of
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.files import FILES
from carnet.customisation.values import custom_fields, validated
from carnet.organisations.access import Access
from carnet.organisations.fields import is_added

Custom = Mapping[str, Any]


def judged(
    access: Access,
    module: str,
    values: Custom | None,
    before: Custom | None = None,
    *,
    layout: str = STANDARD,
    setting: Setting | None = None,
    demanded: bool = True,
) -> dict[str, Any]:
    """Return all that a record holds in fields of its own once `values` are written; raises Invalid by key.

    `before` is what it holds, None for a record that is being made: its fields begin with their defaults. Without any
    `values` an edit leaves everything as it is, and demands nothing; where it is not `demanded`, a new record may lack
    what the layout requires. An organisation without fields of its own costs no statement.
    """
    current = current_layout(access, module, layout)
    if current.version is None or (values is None and before is not None):
        if values:
            raise Invalid(**{str(key)[:40]: _("This field is not part of the layout.") for key in values})
        return dict(before or {})
    given = dict(values or {})
    access.require_fields(module, [str(key) for key in given if is_added(str(key))])
    if before is None:
        given = defaults(current.document) | given
    checked = validated(
        current.document,
        given,
        setting=setting or Setting(access.organisation.zone, lookups=known_of(access)),
        before=defaults_kept(current.document) if before is None else before,
    )
    # What somebody may not fill in is not demanded of them.
    awaited = checked.missing_required if demanded else ()
    missing = [key for field in awaited if access.may_edit_field(module, key := key_of(field))]
    errors = checked.errors | {key: _("Fill this in.") for key in missing}
    if errors:
        raise Invalid(**errors)
    return checked.after


def judged_anew(
    access: Access, module: str, values: Custom | None, held: Custom, *, layout: str, setting: Setting | None = None
) -> dict[str, Any]:
    """Return all that a record holds once the fields of one of its layouts are filled in anew; raises as `judged`.

    For what is asked each time that something happens: nothing of the last time answers for it.
    """
    asked = custom_fields(current_layout(access, module, layout).document)
    rest = {key: value for key, value in held.items() if key not in asked}
    return rest | judged(access, module, values, layout=layout, setting=setting)


def defaults_kept(document: Document) -> dict[str, Any]:
    """Return what the fields of a new record hold until somebody says otherwise."""
    return {key: field["default"] for key, field in custom_fields(document).items() if "default" in field}


def defaults(document: Document) -> dict[str, Any]:
    """Return the same as a program would send it."""
    fields = custom_fields(document)
    return {
        key: type_of(fields[key]).sent(fields[key], value, Setting()) for key, value in defaults_kept(document).items()
    }


def values_to_clone(access: Access, module: str, custom: Custom) -> dict[str, Any]:
    """Return what a copy of a record begins with: all that it holds, but for files and what no other may hold."""
    if not custom:
        return {}
    fields = {key_of(field): field for field in all_fields(current_layout(access, module).document)}
    alone = {key for key, field in fields.items() if field.get("unique") or field["type"] in FILES}
    return {key: value for key, value in custom.items() if key not in alone}


def forget_values(module: str, pk: int) -> None:
    """Take away what a record is found by and holds alone; called with the record when it is thrown away for good."""
    FieldValue.objects.filter(field__module=module, record=pk).delete()
    drop_files(module, pk)


def changed_values(before: Custom, after: Custom) -> dict[str, list[Any]]:
    """Return what changed, as the history keeps it."""
    keys = [*before, *(key for key in after if key not in before)]
    return {key: [before.get(key), after.get(key)] for key in keys if before.get(key) != after.get(key)}


def copies(access: Access, module: str, after: Custom, layout: str = STANDARD, pk: int = 0) -> list[FieldValue]:
    """Return the rows by which a new record is found; none, without asking, where it holds nothing."""
    if not after:
        return []
    fields = {key_of(field): field for field in all_fields(current_layout(access, module, layout).document)}
    return [
        row
        for key, value in after.items()
        if key in fields
        for row in rows_of(access.organisation.pk, fields[key], pk, value)
    ]


def copy_values(access: Access, module: str, pk: int, before: Custom, after: Custom, *, layout: str = STANDARD) -> None:
    """Bring the copies of a record's values up to date, and let it hold its files; raises Invalid for another record's.

    Called inside the unit of work that writes the record.
    """
    changed = changed_values(before, after)
    if not changed:
        return
    fields = {key_of(field): field for field in all_fields(current_layout(access, module, layout).document)}
    hold_files(access, files_in(fields.values(), after), files_in(fields.values(), before), pk)
    ids = [fields[key]["id"] for key in changed if key in fields]
    if before:
        FieldValue.objects.filter(field_id__in=ids, record=pk).delete()
    rows = [
        row
        for key in changed
        if key in fields and key in after
        for row in rows_of(access.organisation.pk, fields[key], pk, after[key])
    ]
    if unique := [row for row in rows if row.unique_key is not None]:
        _write_unique(unique)
    FieldValue.objects.bulk_create([row for row in rows if row.unique_key is None])


def _write_unique(rows: Sequence[FieldValue]) -> None:
    for row in rows:
        try:
            # A savepoint of its own: the refusal of the database is told, and leaves the rest as it was.
            with unit_of_work():
                row.save(force_insert=True)
        except IntegrityError as error:
            if violated(error) != "field_value_unique":
                raise
            raise Invalid(**{f"f{row.field_id}": _("Another record holds this value already.")}) from None


def rows_of(organisation_id: int, field: FieldEntry, pk: int, value: Any) -> list[FieldValue]:
    """Return the copies of one kept value."""
    kind = type_of(field)
    if not kind.column:
        return []
    found = []
    for part in kind.indexed(field, value):
        row = FieldValue(organisation_id=organisation_id, field_id=field["id"], record=pk, **{kind.column: part})
        if field.get("unique"):
            row.unique_key = part.isoformat() if isinstance(part, datetime) else str(part)
        found.append(row)
    return found
