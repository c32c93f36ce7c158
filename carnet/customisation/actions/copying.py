"""Copying the values of a field into the new one it was converted to: in steps that may be interrupted.

Where it stands is in the row of the `Conversion`. A step locks the records it looks at and adds the new value to what
they hold now: what somebody has filled in meanwhile stays, and so does the old value.
"""

from __future__ import annotations

from typing import Any, Final

from django.utils import translation

from carnet.base.errors import Invalid
from carnet.base.locking import lock_in_order, locked
from carnet.base.tasks import give_way, scoped_task
from carnet.base.unit_of_work import repeatable
from carnet.customisation.actions.keeping import copy_values, rows_of
from carnet.customisation.converting import converted
from carnet.customisation.models import Conversion, FieldValue
from carnet.customisation.queries import FieldEntry, all_fields, current_layout, key_of
from carnet.customisation.records import Kept, kept_of
from carnet.customisation.types import NotAccepted, Setting
from carnet.organisations.access import Access

#: Records of one step, and steps of one start of the task, so that others get their turn.
BATCH: Final = 200
STEPS: Final = 20


@scoped_task
def copy_converted(access: Access, conversion_id: int) -> None:
    """Copy on, and queue itself again until all records have been looked at."""
    for _step in range(STEPS):
        if not copy_some(access, conversion_id):
            return
        give_way()
    copy_converted.enqueue(access.organisation.pk, conversion_id)


@repeatable
def copy_some(access: Access, conversion_id: int) -> bool:
    """Copy the values of the next records; return whether there are more."""
    conversion = locked(Conversion.objects.select_related("version__layout"), pk=conversion_id)
    layout = conversion.version.layout
    kept = kept_of(layout.module)
    if conversion.finished_at is not None:
        return False
    pks = list(holders(conversion.source_id, conversion.after)[:BATCH]) if kept else []
    if kept:
        with translation.override(conversion.language):
            conversion.copied += _copied(access, conversion, kept, pks)
    conversion.looked_at += len(pks)
    if len(pks) < BATCH:
        conversion.finished_at = access.now
    else:
        conversion.after = pks[-1]
    conversion.save(update_fields=["copied", "looked_at", "after", "finished_at"])
    return conversion.finished_at is None


def holders(field_id: int, after: int = 0) -> Any:
    """Return a query of the records that hold something in a field, in order."""
    values = FieldValue.objects.filter(field_id=field_id, record__gt=after)
    return values.order_by("record").values_list("record", flat=True).distinct()


def fields_of_conversion(conversion: Conversion) -> tuple[FieldEntry, FieldEntry]:
    """Return the old field and the new one, as they were when the layout was saved."""
    entries = {field["id"]: field for field in all_fields(conversion.version.document) if "id" in field}
    return entries[conversion.source_id], entries[conversion.target_id]


def _copied(access: Access, conversion: Conversion, kept: Kept, pks: list[int]) -> int:
    """Give the records their new values; return how many have one now."""
    source, target = fields_of_conversion(conversion)
    old, new = key_of(source), key_of(target)
    layout = conversion.version.layout
    now = {key_of(one): one for one in all_fields(current_layout(access, layout.module, layout.name).document)}
    setting = Setting(access.organisation.zone)
    changed, rows = [], []
    # Out of sight or not: whoever converts a field converts all of it.
    for record in lock_in_order(kept.model._default_manager.filter(pk__in=pks)):
        held = record.custom  # type: ignore[attr-defined]
        if new in held or old not in held:
            continue
        try:
            value = converted(source, target, held[old], setting, conversion.language)
            if value is None:
                continue
            after = {**held, new: value}
            if now.get(new, {}).get("unique"):
                copy_values(access, layout.module, record.pk, held, after, layout=layout.name)
            else:
                rows += rows_of(access.organisation.pk, target, record.pk, value)
        except (NotAccepted, Invalid):
            continue
        record.custom = after  # type: ignore[attr-defined]
        record.version += 1  # type: ignore[attr-defined]
        changed.append(record)
    kept.model._default_manager.bulk_update(changed, ["custom", "version"])
    FieldValue.objects.bulk_create(rows)
    if any(now.get(key, {}).get("searched") for key in (old, new)):
        for record in changed:
            kept.found_anew(access, record)
    return len(changed)
