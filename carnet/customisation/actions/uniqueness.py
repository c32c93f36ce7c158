"""Fields that become unique, or no longer are: the copies of values follow."""

from __future__ import annotations

from django.db.models import CharField, Count, F
from django.db.models.functions import Cast
from django.utils.translation import get_language

from carnet.customisation.errors import DuplicateValues
from carnet.customisation.models import FieldValue
from carnet.customisation.queries import Document, FieldEntry, all_fields, label_in
from carnet.customisation.types import type_of


def follow_uniqueness(before: Document, after: Document) -> None:
    """Let the database hold what a field promises since this version; raises DuplicateValues."""
    was = {field["id"] for field in all_fields(before) if field.get("unique") and "id" in field}
    for field in all_fields(after):
        if "id" not in field:
            continue
        if field.get("unique") and field["id"] not in was:
            _make_unique(field)
        elif not field.get("unique") and field["id"] in was:
            FieldValue.objects.filter(field_id=field["id"]).update(unique_key=None)


def _make_unique(field: FieldEntry) -> None:
    column = type_of(field).column
    values = FieldValue.objects.filter(field_id=field["id"], **{f"{column}__isnull": False})
    repeated = values.values(column).annotate(times=Count("pk")).filter(times__gt=1).count()
    if repeated:
        raise DuplicateValues(label_in(field["label"], get_language() or ""), repeated)
    values.update(unique_key=F("text") if column == "text" else Cast(column, CharField()))
