"""What every type of field says of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, Protocol
from uuid import UUID

from carnet.customisation.rules import Kind

#: One field of a layout version, as stored.
FieldEntry = Mapping[str, Any]
#: What is copied to a column of `FieldValue` to be found, sorted and compared by.
Indexed = str | int | datetime
#: Property of a field -> what is wrong with it.
Problems = Iterator[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class FileTold:
    """A stored file without its bytes; `size` in bytes, `at` when it was sent."""

    public_id: UUID
    #: The type of the field that it was sent for: "image", "file" or "signature".
    kind: str
    name: str
    content_type: str
    size: int
    at: datetime
    #: The member who sent it, "" where the system did.
    by: str = ""

    @property
    def is_drawn(self) -> bool:
        """Whether it is a picture of our own drawing; of a signature that was typed there is none."""
        return self.kind == "image" or (self.kind == "signature" and self.content_type != "text/plain")


class Lookups(Protocol):
    """Finds the records that a look-up names, as far as the reader sees them, and the files that fields hold."""

    def pk_of(self, kind: str, public_id: UUID) -> int | None: ...

    def told(self, kind: str, pk: int) -> tuple[UUID, str] | None: ...

    def file_sent(self, field: int, public_id: UUID) -> int | None: ...

    def file(self, pk: int) -> FileTold | None: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """Where values are typed: the zone of wall times, the day on which a time alone falls, and who can be looked up."""

    zone: str = "UTC"
    day: date | None = None
    lookups: Lookups | None = None


#: For what depends on no place and looks nobody up.
NOWHERE: Final = Setting()


class NotAccepted(ValueError):
    """A value that its field cannot hold; the message is what to tell the person."""


class FieldType:
    """A type of field; `value` is always one that is kept, never None."""

    key: str
    #: Where the value is copied to be searched: "text", "number", "instant" or "ref"; "" for nowhere.
    column: ClassVar[str] = ""
    #: What it is to a rule.
    kind: ClassVar[Kind] = Kind.OTHER
    #: How a list can be filtered by it.
    operators: ClassVar[Sequence[str]] = ("empty", "filled")
    sortable: ClassVar[bool] = False
    may_be_unique: ClassVar[bool] = False
    #: Whether the lookup of customers can search it.
    searchable: ClassVar[bool] = False
    #: Only job sheets have it.
    for_sheets: ClassVar[bool] = False
    #: The properties it has besides those that every field has.
    properties: ClassVar[frozenset[str]] = frozenset()

    def read(self, field: FieldEntry, value: Any, setting: Setting) -> Any:
        """Return a value as typed or as a program sends it in the form that is kept, None for an empty one.

        Raises NotAccepted.
        """
        raise NotImplementedError

    def typed(self, field: FieldEntry, value: Any, setting: Setting) -> str:
        """Return it as a person would type it, so that reading it gives the same value again."""
        return str(value)

    def shown(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        """Return it as it is read."""
        return str(value)

    def exported(self, field: FieldEntry, value: Any, setting: Setting, language: str) -> str:
        """Return it as a cell of an exported table."""
        return self.typed(field, value, setting)

    def imported(self, field: FieldEntry, text: str, setting: Setting, language: str) -> Any:
        """Return what a cell of a table holds in the form that is kept; raises NotAccepted."""
        return self.read(field, text, setting)

    def sent(self, field: FieldEntry, value: Any, setting: Setting) -> Any:
        """Return it as programs are told; sending that back gives the same value again."""
        return value

    def schema(self, field: FieldEntry) -> dict[str, Any]:
        """Return how programs are told what it is (JSON Schema)."""
        return {"type": "string"}

    def indexed(self, field: FieldEntry, value: Any) -> Sequence[Indexed]:
        """Return what of it is copied to `column`."""
        return [value]

    def ruled(self, field: FieldEntry, value: Any) -> Any:
        """Return it as a rule works with it."""
        return value

    def problems(self, field: FieldEntry) -> Problems:
        """Tell what is wrong with the properties that only this type has."""
        yield from ()


EQUALITY: Sequence[str] = ("is", "is_not", "empty", "filled")
RANGE: Sequence[str] = (*EQUALITY, "less", "more")
WORDS: Sequence[str] = (*EQUALITY, "contains", "begins")
