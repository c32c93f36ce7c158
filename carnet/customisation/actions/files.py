"""Files of fields: sent, held by a record, let go of, swept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from django.utils.translation import gettext as _

from carnet.base.errors import Invalid
from carnet.base.unit_of_work import unit_of_work
from carnet.customisation.holders import require_fill
from carnet.customisation.models import Field, StoredFile
from carnet.customisation.queries import FieldEntry
from carnet.customisation.types.files import FILES
from carnet.customisation.uploads import Sent, UploadRefused, content_of
from carnet.organisations.access import Access

#: How long a file that no record holds is kept.
KEPT: Final = timedelta(days=1)
#: As many files of one member may wait for a record at a time.
MOST_WAITING: Final = 100
_NOTHING: Final = b""


def keep_file(access: Access, field: Field, sent: Sent) -> StoredFile:
    """Keep what was sent for a field until a record is told to hold it; raises UploadRefused, FieldRefused.

    `field` is of a type that holds files. Within a day the sender names it, by its public id, as the field's value.
    """
    require_fill(access, field.module, f"f{field.pk}")
    waiting = StoredFile.objects.filter(member=access.member, record=None, sent_at__gt=access.now - KEPT)
    if waiting.count() >= MOST_WAITING:
        raise UploadRefused("too-many")
    content = content_of(field.type, sent)
    with unit_of_work():
        return StoredFile.objects.create(
            organisation=access.organisation,
            field=field,
            name=content.name,
            content_type=content.content_type,
            size=len(content.data),
            sha256=sha256(content.data).hexdigest(),
            data=content.data,
            small=content.small,
            member=access.member,
            sent_at=access.now,
        )


def files_in(fields: Iterable[FieldEntry], custom: Mapping[str, Any]) -> dict[str, int]:
    """Return the files that a record holds, by the key of their field; none, at no cost, in most records."""
    return {
        key: value
        for field in fields
        if field["type"] in FILES and isinstance(value := custom.get(key := f"f{field.get('id')}"), int)
    }


def hold_files(access: Access, files: Mapping[str, int], before: Mapping[str, int], record: int) -> None:
    """Let a record hold `files` in place of those `before`; raises Invalid for one that another record came to hold.

    Called inside the unit of work that writes the record.
    """
    for key, pk in files.items():
        if before.get(key) != pk:
            _hold(pk, key, record)
    gone = [pk for key, pk in before.items() if files.get(key) != pk]
    if gone:
        StoredFile.objects.filter(pk__in=gone, record=record).update(released_at=access.now)


def _hold(pk: int, key: str, record: int) -> None:
    free = StoredFile.objects.filter(pk=pk, field_id=int(key[1:]))
    # Two who name the same file at once take turns here, and the second changes nothing.
    if free.filter(record=None).update(record=record):
        return
    # What the record held before, it may hold again: a change was undone.
    if not free.filter(record=record).exclude(data=_NOTHING).update(released_at=None):
        raise Invalid(**{key: _("This file is used elsewhere already. Send it again.")})


def drop_files(module: str, record: int) -> None:
    """Throw away what a record held, with the record."""
    StoredFile.objects.filter(field__module=module, record=record).delete()


def sweep_files(access: Access) -> int:
    """Throw away what nobody came to hold within a day, and the bytes of what was let go of; return how many."""
    access.require("set_up.edit")
    late = access.now - KEPT
    with unit_of_work():
        unheld, _rows = StoredFile.objects.filter(record=None, sent_at__lte=late).delete()
        # Its name stays: the history speaks of it.
        let_go = StoredFile.objects.filter(released_at__lte=late).exclude(data=_NOTHING)
        emptied = let_go.update(data=_NOTHING, small=None)
    return unheld + emptied
