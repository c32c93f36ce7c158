"""Pictures, files and signatures in a form: what is held, and the inputs to send another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language

from carnet.customisation.queries import FieldEntry, key_of
from carnet.customisation.types import Setting, type_of
from carnet.customisation.types.files import told, words_of
from carnet.customisation.types.meaning import FileTold
from carnet.customisation.uploads import LONGEST_NAME


@dataclass(frozen=True, slots=True)
class FileDrawn:
    """A field that holds a file: the one that it holds, or that was sent with a form which is not taken yet."""

    key: str
    kind: str
    kept: FileTold | None
    text: str = ""
    longest: int = LONGEST_NAME


def just_sent(key: str, kept: FileTold, setting: Setting) -> FileDrawn:
    """Return the field once the file has come."""
    return FileDrawn(key, kept.kind, kept, words_of(kept, setting, get_language() or ""))


def file_typed(key: str, data: QueryDict) -> str:
    """Return the public id that a form carries, "" where the file is to be removed."""
    # A browser sends an empty text for an input in which no file was chosen.
    return "" if data.get(f"{key}.remove") else next(filter(None, data.getlist(key)), "")


def file_drawn(field: FieldEntry, typed: str | None, held: Any, setting: Setting, language: str) -> FileDrawn:
    """Return a field as its form draws it; what could not be kept leaves what is held."""
    kind, pk = type_of(field), held
    if typed == "":
        pk = None
    elif typed is not None and (held is None or typed != kind.typed(field, held, setting)):
        pk = _sent(field, typed, setting) or held
    kept = told(pk, setting)
    return FileDrawn(key_of(field), field["type"], kept, words_of(kept, setting, language) if kept else "")


def _sent(field: FieldEntry, typed: str, setting: Setting) -> int | None:
    try:
        public_id = UUID(typed)
    except ValueError:
        return None
    return setting.lookups.file_sent(field["id"], public_id) if setting.lookups else None
