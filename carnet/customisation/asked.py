"""What programs ask of own fields in an address: `where=f12:is:3&where=f20:more:100&order=-f20`.

A condition is a field, an operator and a value, for “empty” and “filled” none. What the layouts do not have, or have
removed, and what is hidden from who asks is refused alike: neither a filter nor an order tells what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from carnet.base.api import no_nul
from carnet.base.errors import Invalid
from carnet.customisation.finding import ALONE, filtered, findable_fields, page_by
from carnet.customisation.queries import FieldEntry
from carnet.organisations.access import Access

RecordT = TypeVar("RecordT", bound=Model)

#: Conditions of one request.
MOST: Final = 10
Condition = Annotated[str, Field(max_length=300), AfterValidator(no_nul)]
Where = list[Condition]
Order = Annotated[str, Field(max_length=40), AfterValidator(no_nul)]
#: What the API's document says of them.
WHERE: Final = "Conditions on own fields that all hold, at most 10: field:operator:value, as f12:is:3 or f14:filled."
ORDER: Final = "The own field by whose values the list is ordered, as f20; -f20 for the other way round."
_KEY: Final = re.compile(r"f\d{1,18}", re.ASCII)


def conditions(where: Sequence[str]) -> list[tuple[str, str, str | None]]:
    """Return field, operator and value of each condition; raises Invalid for what is none."""
    if len(where) > MOST:
        raise Invalid(where=_("At most %(limit)d conditions are asked at once.") % {"limit": MOST})
    found = []
    for one in where:
        key, _colon, rest = one.partition(":")
        operator, colon, value = rest.partition(":")
        if not _KEY.fullmatch(key) or not operator or bool(colon) == (operator in ALONE):
            raise Invalid(where=_("A condition is a field, an operator and a value, with colons between them."))
        found.append((key, operator, value if colon else None))
    return found


def narrowed(queryset: QuerySet[RecordT], access: Access, module: str, where: Sequence[str]) -> QuerySet[RecordT]:
    """Return those of `queryset` for which all conditions hold; raises Invalid beside the field's key."""
    asked = conditions(where)
    known = findable_fields(access, module) if asked else {}
    for key, operator, value in asked:
        queryset = filtered(queryset, access, module, field_asked(known, key), operator, value)
    return queryset


def page_in_order(
    queryset: QuerySet[Any], access: Access, module: str, order: str, after: UUID | None, limit: int
) -> tuple[list[int], UUID | None]:
    """Return the keys of the records after `after` in the order of an own field, and what to send for the next page."""
    key = order.removeprefix("-")
    if not _KEY.fullmatch(key):
        raise Invalid(order=_("A list cannot be put in the order of this field."))
    last = None
    if after is not None:
        last = queryset.filter(public_id=after).values_list("pk", flat=True).first()
        if last is None:
            raise Invalid(after=_("There is no such record in this list."))
    field = field_asked(findable_fields(access, module), key)
    page = page_by(queryset, access, module, field, descending=order.startswith("-"), after=last, limit=limit)
    pks = list(page.pks)
    return pks, queryset.model._default_manager.get(pk=pks[-1]).public_id if page.more and pks else None


def in_order(records: QuerySet[RecordT], pks: Sequence[int]) -> list[RecordT]:
    """Read the records of a page and return them in its order."""
    found = {one.pk: one for one in records.filter(pk__in=pks)}
    return [found[pk] for pk in pks if pk in found]


def field_asked(known: Mapping[str, FieldEntry], key: str) -> FieldEntry:
    if key not in known:
        raise Invalid(**{key: _("This field is not part of the layout.")})
    return known[key]
