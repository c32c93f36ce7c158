"""Administrators: at least one who can sign in always remains, whoever removes whom at the same moment."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from carnet.base.locking import lock_in_order
from carnet.organisations.errors import LastAdministrator
from carnet.organisations.models import Member


def administrators() -> QuerySet[Member]:
    """Return the members who may do everything, and can sign in to do it."""
    return Member.objects.filter(active=True, profile__administrator=True, user__is_active=True)


def lock_with_administrators(*members: Member) -> dict[int, Member]:
    """Lock these members and all administrators in the order of their ids; return them by id, as they are now.

    Whatever may leave an organisation without an administrator locks all of them first, so that of two who remove each
    other the second sees what the first has done.
    """
    wanted = Q(pk__in=[one.pk for one in members]) | Q(pk__in=administrators().values("pk"))
    return {row.pk: row for row in lock_in_order(Member.objects.filter(wanted))}


def keep_an_administrator(leaving: Member) -> None:
    """Raise LastAdministrator if nobody but `leaving` is one; asked under lock, before it is changed."""
    if administrators().filter(pk=leaving.pk).exists() and not administrators().exclude(pk=leaving.pk).exists():
        raise LastAdministrator
