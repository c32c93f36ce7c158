"""Stored files as they are read: each is seen by exactly those who see its record and the field that holds it."""

from __future__ import annotations

from uuid import UUID

from carnet.customisation.holders import sees_record
from carnet.customisation.models import StoredFile
from carnet.organisations.access import Access


def file_seen(access: Access, public_id: UUID) -> StoredFile | None:
    """Return a file without its bytes, if a record that the actor sees holds it in a field that the actor sees.

    What no record holds yet is seen by whoever sent it.
    """
    found = StoredFile.objects.select_related("field").defer("data", "small").filter(public_id=public_id).first()
    if found is None or found.released_at is not None:
        return None
    try:
        if not access.may_read_field(found.field.module, f"f{found.field_id}"):
            return None
    except LookupError:
        # A field of which no layout knows any more.
        return None
    if found.record is None:
        return found if _sent_by(access, found) else None
    return found if sees_record(access, found.field.module, found.record) else None


def _sent_by(access: Access, found: StoredFile) -> bool:
    return found.member_id == (access.member.pk if access.member else None)
