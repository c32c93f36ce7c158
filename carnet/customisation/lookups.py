"""Records that fields look up: each room says which of its records can be, as it says who sees them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from carnet.customisation.files import file_seen
from carnet.customisation.models import StoredFile
from carnet.customisation.types.meaning import FileTold
from carnet.organisations.access import Access
from carnet.organisations.models import Member

_models: dict[str, tuple[type[Model], str, Q | None]] = {}


def looked_up(kind: str, model: type[Model], permission: str = "", chosen: Q | None = None) -> None:
    """Declare what a look-up of `kind` finds: records of `model` with a public id and a name, anew only `chosen`.

    They are told to whoever has `permission` and sees them.
    """
    _models[kind] = (model, permission, chosen)


looked_up("member", Member, chosen=Q(active=True))


def known_of(access: Access) -> Known:
    """Return the records that this access has looked up so far, each read once."""
    known: Known = vars(access).setdefault("_looked_up", Known(access))
    return known


class Known:
    """The records that values name, as far as `access` sees them: read together, each once.

    Files are told whatever holds them: a value is only shown to who sees its record and its field. `held` lets a form
    that is looked at and not written name also a file that is held already.
    """

    def __init__(self, access: Access, *, held: bool = False) -> None:
        self._access = access
        self._told: dict[tuple[str, int], tuple[UUID, str] | None] = {}
        self._files: dict[int, FileTold | None] = {}
        self._held = held

    def pk_of(self, kind: str, public_id: UUID) -> int | None:
        found = self._seen(kind).filter(_models[kind][2] or Q(), public_id=public_id).first()
        if found is None:
            return None
        self._told[kind, found.pk] = (public_id, str(getattr(found, "name", "")))
        return int(found.pk)

    def told(self, kind: str, pk: int) -> tuple[UUID, str] | None:
        self.learn(kind, [pk])
        return self._told[kind, pk]

    def learn(self, kind: str, pks: Iterable[int]) -> None:
        """Read what is not known yet, by one statement: called before many values are told."""
        wanted = {pk for pk in pks if (kind, pk) not in self._told}
        if not wanted:
            return
        self._told |= {(kind, pk): None for pk in wanted}
        for pk, public_id, name in self._seen(kind).filter(pk__in=wanted).values_list("pk", "public_id", "name"):
            self._told[kind, pk] = (public_id, name)

    def file_sent(self, field: int, public_id: UUID) -> int | None:
        """Return what this actor sent for a field and no record holds yet."""
        found = file_seen(self._access, public_id)
        if found is None or found.field_id != field or not (found.record is None or self._held):
            return None
        return found.pk

    def file(self, pk: int) -> FileTold | None:
        self.learn_files([pk])
        return self._files[pk]

    def learn_files(self, pks: Iterable[int]) -> None:
        """Read what is not known yet, by one statement."""
        wanted = {pk for pk in pks if pk not in self._files}
        if not wanted:
            return
        self._files |= dict.fromkeys(wanted)
        columns = ("pk", "public_id", "field__type", "name", "content_type", "size", "sent_at", "member__name")
        for pk, public_id, kind, name, type_, size, at, by in StoredFile.objects.filter(pk__in=wanted).values_list(
            *columns
        ):
            self._files[pk] = FileTold(public_id, kind, name, type_, size, at, by or "")

    def _seen(self, kind: str) -> QuerySet[Any]:
        model, permission, _chosen = _models[kind]
        if permission and not self._access.may(permission):
            return model._default_manager.none()
        return self._access.visible(model._default_manager.all())
