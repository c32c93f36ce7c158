"""Lists in pages: each page begins after the last record of the one before, so that none is missed or seen twice."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from pydantic import Field

from carnet.base.errors import Invalid

ModelT = TypeVar("ModelT", bound=Model)

#: How many records a page holds.
Limit = Annotated[int, Field(ge=1, le=200)]


def page_after(
    queryset: QuerySet[ModelT], key: str, after: UUID | None, limit: int
) -> tuple[list[ModelT], UUID | None]:
    """Return the page of `queryset` that follows the record `after`, by `key`, and the id to send for the next page.

    Raises Invalid for an `after` that is not one of the records.
    """
    if after is not None:
        last: Any = queryset.filter(public_id=after).values_list(key, "pk").first()
        if last is None:
            raise Invalid(after=_("There is no such record in this list."))
        queryset = queryset.filter(Q(**{f"{key}__gt": last[0]}) | Q(**{key: last[0], "pk__gt": last[1]}))
    records: list[Any] = list(queryset.order_by(key, "pk")[: limit + 1])
    more = records[limit - 1].public_id if len(records) > limit else None
    return records[:limit], more
