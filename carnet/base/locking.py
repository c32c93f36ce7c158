"""Lock, then look: rows are read again under lock, in the order of their ids, before anything is decided on them.

`no_key` leaves foreign keys of other people's rows alone: they only need the row to stay, and a plain FOR UPDATE
would make them wait. On SQLite the one writer holds everything, so reading inside a unit of work is enough.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model, QuerySet

ModelT = TypeVar("ModelT", bound=Model)


def locked(queryset: QuerySet[ModelT], **lookup: Any) -> ModelT:
    """Return the one row of `queryset` that matches, as it is now, locked until the unit of work ends.

    Judge by the row returned: it may have changed while this waited. Raises the model's DoesNotExist.
    """
    return _for_update(queryset.filter(**lookup)).get()


def lock_in_order(queryset: QuerySet[ModelT]) -> list[ModelT]:
    """Lock the rows of `queryset` and return them in the order of their ids, as everybody does: no deadlocks."""
    return list(_for_update(queryset).order_by("pk"))


def _for_update(queryset: QuerySet[ModelT]) -> QuerySet[ModelT]:
    # Chosen in a subquery, which may join, repeat rows and be DISTINCT: the locking statement itself may not.
    chosen = queryset.order_by().values("pk")
    return queryset.model._default_manager.select_for_update(no_key=True, of=("self",)).filter(pk__in=chosen)
