"""Fields that name another record: a customer, a service, a member."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from carnet.customisation.types.meaning import EQUALITY, FieldEntry, FieldType, NotAccepted, Setting


class LookUp(FieldType):
    """Kept is the record's own key, which never leaves the house: it is told by its public id and its name."""

    column = "ref"
    operators = EQUALITY

    def __init__(self, key: str) -> None:
        self.key = key

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> int | None:
        if value is None or value == "":
            return None
        try:
            public_id = UUID(value) if isinstance(value, str) else None
        except ValueError:
            public_id = None
        found = setting.lookups.pk_of(self.key, public_id) if setting.lookups and public_id else None
        if found is None:
            raise NotAccepted(_("There is no such record."))
        return found

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        return str(self.sent(field, value, setting) or "")

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        told = setting.lookups.told(self.key, value) if setting.lookups else None
        return told[1] if told else ""

    def sent(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        """Return the public id; None where the reader does not see the record."""
        told = setting.lookups.told(self.key, value) if setting.lookups else None
        return str(told[0]) if told else None

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}
