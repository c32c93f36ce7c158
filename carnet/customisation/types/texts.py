"""Text on one line and on many, and the box that is ticked."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any, ClassVar

from django.utils.translation import gettext as _

from carnet.base.typed_text import fold
from carnet.customisation.rules import Kind
from carnet.customisation.types.meaning import EQUALITY, WORDS, FieldEntry, FieldType, NotAccepted, Setting

#: How much of a text is copied to be searched and sorted by.
INDEXED = 200


def plain_text(value: Any, longest: int) -> str:
    """Return typed text in its composed form, its line ends one kind; raises NotAccepted."""
    if not isinstance(value, str):
        raise NotAccepted(_("This must be text."))
    text = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if any(unicodedata.category(sign) in ("Cs", "Cc") and sign not in "\n\t" for sign in text):
        raise NotAccepted(_("This holds characters that cannot be stored."))
    if len(text) > longest:
        raise NotAccepted(_("This is longer than %(limit)d characters.") % {"limit": longest})
    return text


class Text(FieldType):
    """A line of text."""

    key = "text"
    longest: ClassVar[int] = 250
    column = "text"
    kind = Kind.TEXT
    operators = WORDS
    sortable = True
    may_be_unique = True
    searchable = True
    properties = frozenset({"placeholder"})

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        if value is None:
            return None
        # Measured as it is kept: on one line.
        return plain_text(" ".join(value.split()) if isinstance(value, str) else value, self.longest) or None

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.longest}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[str]:
        return [fold(value)[:INDEXED]]


class Paragraph(Text):
    """Text of several lines."""

    key = "paragraph"
    longest = 4000
    sortable = False
    may_be_unique = False

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> str | None:
        return None if value is None else plain_text(value, self.longest) or None


class Checkbox(FieldType):
    """A box; one that is not ticked holds nothing."""

    key = "checkbox"
    column = "number"
    kind = Kind.YES_NO
    operators = EQUALITY[2:]
    sortable = True

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> bool | None:
        if value is None or value is False or value in ("", "false", "0"):
            return None
        if value is True or value in ("on", "true", "1"):
            return True
        raise NotAccepted(_("This is either ticked or not."))

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        return "on"

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        return _("Yes") if value else _("No")

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        return {"type": "boolean"}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[int]:
        return [1]
