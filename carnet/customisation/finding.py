"""Finding records by the fields that an organisation added: filtered, and read in the order of their values.

Both ask the copies in `FieldValue`, whose indexes begin with the field: a page is read along an index and ends with its
last record, however many there are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.customisation.lookups import known_of
from carnet.customisation.models import FieldValue
from carnet.customisation.predefined import layout_names
from carnet.customisation.queries import FieldEntry, current_layout, fields_of, key_of
from carnet.customisation.types import FieldType, NotAccepted, Setting, type_of
from carnet.organisations.access import Access

RecordT = TypeVar("RecordT", bound=Model)

#: Operators that ask for no value.
ALONE: Final = ("empty", "filled")
#: As many choices are asked one after the other until a page is full.
_SHORT_LIST: Final = 50
_COMPARED: Final = {"less": "lt", "more": "gt", "contains": "contains", "begins": "startswith"}


@dataclass(frozen=True, slots=True)
class Page:
    """The keys of some records in their order, and whether others follow."""

    pks: tuple[int, ...]
    more: bool


def findable_fields(access: Access, module: str) -> dict[str, FieldEntry]:
    """Return the organisation's own fields that the module's layouts have and the reader may see, by key."""
    return {
        key_of(field): field
        for name in layout_names(module)
        for field in fields_of(current_layout(access, module, name).document)
        if "id" in field and type_of(field).column and access.may_read_field(module, key_of(field))
    }


def filtered(
    queryset: QuerySet[RecordT], access: Access, module: str, field: FieldEntry, operator: str, value: Any = None
) -> QuerySet[RecordT]:
    """Return those of `queryset` whose value in `field` is as asked; `value` as it is typed, or as programs send it.

    Raises Invalid beside the field's key: for one that is hidden from the reader as for one that does not exist, for an
    operator that its type does not have, and for a value that it could never hold.
    """
    kind = _kind_of(access, module, field)
    if operator not in kind.operators:
        raise Invalid(**{key_of(field): _("This field cannot be filtered so.")})
    values = FieldValue.objects.filter(field_id=field["id"])
    own = values.filter(record=OuterRef("pk"))
    if operator in ALONE:
        return queryset.filter(Exists(own) if operator == "filled" else ~Exists(own))
    asked = _asked(access, field, operator, value)
    if operator in ("is", "is_not") or kind.column == "ref":
        # Looked up record by record, all of the index being given.
        same = Exists(own.filter(**{kind.column: asked}))
        return queryset.filter(~same if operator == "is_not" else same)
    # Read once: record by record, SQLite would read the same range of the index over and over.
    return queryset.filter(pk__in=values.filter(**{f"{kind.column}__{_COMPARED[operator]}": asked}).values("record"))


def page_by(
    queryset: QuerySet[RecordT],
    access: Access,
    module: str,
    field: FieldEntry,
    *,
    descending: bool = False,
    after: int | None = None,
    limit: int = 50,
) -> Page:
    """Return the records that follow `after` in the order of their values in `field`; those without one come last.

    A pick list has the order of its choices. Raises Invalid as `filtered` does.
    """
    if not _kind_of(access, module, field).sortable:
        raise Invalid(**{key_of(field): _("A list cannot be put in the order of this field.")})
    found: list[int] = []
    for run in _runs(queryset.order_by(), field, descending, after):
        found += run[: limit + 1 - len(found)]
        if len(found) > limit:
            break
    return Page(tuple(found[:limit]), len(found) > limit)


def _runs(queryset: QuerySet[Any], field: FieldEntry, descending: bool, after: int | None) -> Iterator[Any]:
    """Yield queries of keys that make up the order one after the other, each read along an index."""
    kind = type_of(field)
    values = FieldValue.objects.filter(field_id=field["id"])
    held = values.filter(record=after).values_list(kind.column, flat=True).first() if after is not None else None
    if after is None or held is not None:
        # The copies lead: the other way round, all records would be looked up before the first is known.
        listed = values.filter(Exists(queryset.filter(pk=OuterRef("record"))))
        sign, beyond = ("-", "lt") if descending else ("", "gt")
        later = Q(**{f"record__{beyond}": after}) if after is not None else Q()
        if kind.column == "ref":
            for choice in _choices(values, field, descending, held):
                run = listed.filter(later if choice == held else Q(), ref=choice)
                yield run.order_by(f"{sign}record").values_list("record", flat=True)
        else:
            run = listed.filter(**{f"{kind.column}__isnull": False})
            if held is not None:
                # The first condition is what the index begins at.
                run = run.filter(**{f"{kind.column}__{beyond}e": held})
                run = run.filter(Q(**{f"{kind.column}__{beyond}": held}) | later)
            yield run.order_by(f"{sign}{kind.column}", f"{sign}record").values_list("record", flat=True)
    empty = queryset.filter(~Exists(values.filter(record=OuterRef("pk"))))
    if after is not None and held is None:
        empty = empty.filter(pk__gt=after)
    yield empty.order_by("pk").values_list("pk", flat=True)


def _choices(values: QuerySet[FieldValue], field: FieldEntry, descending: bool, first: int | None) -> list[int]:
    """Return the choices in the order of the list from `first` on, of a long list those that any record holds."""
    order = [choice["id"] for choice in field["choices"]]
    if len(order) > _SHORT_LIST:
        held = set(values.filter(ref__isnull=False).order_by().values_list("ref", flat=True).distinct())
        order = [one for one in order if one in held]
    if descending:
        order.reverse()
    return order[order.index(first) :] if first in order else order


def _kind_of(access: Access, module: str, field: FieldEntry) -> FieldType:
    if not access.may_read_field(module, key_of(field)):
        raise Invalid(**{key_of(field)[:40]: _("This field is not part of the layout.")})
    return type_of(field)


def _asked(access: Access, field: FieldEntry, operator: str, value: Any) -> Any:
    """Return a value as it is copied, also one that a limit or the archive keeps from being typed anew."""
    kind = type_of(field)
    if operator in ("contains", "begins") and kind.column == "text":
        found = kind.indexed(field, "".join(sign for sign in str(value or "")[:200] if sign.isprintable()))
    else:
        free = {name: known for name, known in field.items() if name not in ("minimum", "maximum")}
        if "choices" in free:
            free["choices"] = [{**choice, "archived": False} for choice in free["choices"]]
            value = [value] if operator == "contains" else value
        try:
            read = kind.read(free, value, Setting(access.organisation.zone, lookups=known_of(access)))
        except NotAccepted as refused:
            raise Invalid(**{key_of(field): str(refused)}) from None
        found = kind.indexed(field, read) if read is not None else ()
    if not found or found[0] == "":
        raise Invalid(**{key_of(field): _("Say what to look for.")})
    return found[0]
