"""Pictures, files and signatures: what is sent lies in a row of its own, and the field keeps its key.

It is sent first, and then named: by its public id, as every program does it and as the forms of our own do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _

from carnet.customisation.types.days import Moment, moment_value
from carnet.customisation.types.meaning import FieldEntry, FieldType, FileTold, NotAccepted, Setting
from carnet.customisation.uploads import refusal_in

FILES: Final = ("image", "file", "signature")


class File(FieldType):
    """Any file, kept as it was sent; told by its name."""

    key = "file"
    column = "ref"

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> int | None:
        """Take the public id of a file that was sent for this field and that nothing holds yet."""
        if value is None or value == "":
            return None
        if isinstance(value, Mapping):
            value = value.get("id")
        if isinstance(value, str) and (refusal := refusal_in(value)):
            raise NotAccepted(refusal)
        try:
            public_id = UUID(value) if isinstance(value, str) else None
        except ValueError:
            public_id = None
        found = setting.lookups.file_sent(field["id"], public_id) if setting.lookups and public_id else None
        if found is None:
            raise NotAccepted(_("There is no such file here. Send it first, for this field."))
        return found

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        found = told(value, setting)
        return str(found.public_id) if found else ""

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        found = told(value, setting)
        return words_of(found, setting, language) if found else ""

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return self.shown(field, value, setting, language)

    def imported(self, field: FieldEntry, text: str, setting: Setting, language: str) -> None:
        if text.strip():
            raise NotAccepted(_("A table holds no files; leave this cell empty and add the file in the form."))

    def sent(self, field: FieldEntry, value: Any, setting: Setting) -> dict[str, Any] | None:
        found = told(value, setting)
        return output(found) if found else None

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        text, number = {"type": "string"}, {"type": "integer"}
        told = {
            "id": {"type": "string", "format": "uuid"},
            "name": text,
            "type": text,
            "size": number,
            "sent_at": {"type": "string", "format": "date-time"},
        }
        return {
            "anyOf": [
                {"type": "string", "format": "uuid"},
                {"type": "object", "properties": told, "required": ["id"], "additionalProperties": False},
            ]
        }


class Picture(File):
    """A photo or drawing, drawn anew from what was sent: nothing else of the file is kept."""

    key = "image"


class Signature(File):
    """A name written by hand on the screen, or typed in its place; told by who signed and when."""

    key = "signature"
    for_sheets = True


def told(value: Any, setting: Setting) -> FileTold | None:
    """Return what is known of a kept file; None where it was thrown away with its record."""
    return setting.lookups.file(value) if setting.lookups and isinstance(value, int) else None


def words_of(found: FileTold, setting: Setting, language: str) -> str:
    """Return what a file is called: its name, or who signed and when."""
    if found.kind != "signature":
        return found.name
    said = {"name": found.name, "moment": Moment().shown({}, moment_value(found.at), setting, language)}
    return (_("Signed by %(name)s, %(moment)s") if found.name else _("Signed %(moment)s")) % said


def output(found: FileTold) -> dict[str, Any]:
    """Return a file as programs are told it."""
    return {
        "id": str(found.public_id),
        "name": found.name,
        "type": found.content_type,
        "size": found.size,
        "sent_at": found.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
