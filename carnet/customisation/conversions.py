"""What a conversion would make of the values of a field, before it is done; and what it left, once it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import get_language

from carnet.customisation.actions.copying import fields_of_conversion, holders
from carnet.customisation.converting import Wanted, as_made, converted, new_field, proposed, words_of
from carnet.customisation.models import Conversion
from carnet.customisation.queries import FieldEntry, key_of
from carnet.customisation.records import kept_of
from carnet.customisation.types import NotAccepted, Setting
from carnet.customisation.values import shown_text
from carnet.organisations.access import Access

#: Records that a preview looks at; of more it tells about these.
LOOKED_AT: Final = 20_000
#: Of those that do not convert, and of those that do, so many are shown.
SHOWN: Final = 20
EXAMPLES: Final = 5
#: Records read at once.
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Left:
    """A record whose value does not convert, and why."""

    record: Any
    text: str
    why: str


@dataclass
class Preview:
    """How many of the records in sight hold a value, what converts and what does not."""

    holding: int = 0
    converting: int = 0
    left: int = 0
    first_left: list[Left] = field(default_factory=list)
    #: Values as they are and as they would be.
    examples: list[tuple[str, str]] = field(default_factory=list)
    #: Whether there are records that were not looked at.
    more: bool = False


def preview_of(access: Access, module: str, source: FieldEntry, wanted: Wanted) -> Preview:
    """Return what would convert, having looked at 20,000 records at most; raises NotAccepted."""
    target = as_made(access, new_field(access, source, wanted))
    found = Preview()
    language = get_language() or ""
    setting = Setting(access.organisation.zone)
    told: set[str] = set()
    for record in _holding(access, module, source["id"]):
        if found.holding == LOOKED_AT:
            found.more = True
            break
        found.holding += 1
        kept = record.custom[key_of(source)]
        try:
            value = converted(source, target, kept, setting, language)
        except NotAccepted as refused:
            found.left += 1
            if len(found.first_left) < SHOWN:
                found.first_left.append(Left(record, words_of(source, kept, setting, language), str(refused)))
            continue
        found.converting += 1
        text = words_of(source, kept, setting, language)
        if len(found.examples) < EXAMPLES and text not in told:
            told.add(text)
            found.examples.append((text, shown_text(target, value, setting, language)))
    return found


def proposed_choices(access: Access, module: str, source: FieldEntry, type_: str) -> tuple[list[str], bool]:
    """Return the choices that a list made from a field would have, and whether there are more than are proposed."""
    setting, language = Setting(access.organisation.zone), get_language() or ""
    texts = (
        words_of(source, record.custom[key_of(source)], setting, language)
        for at, record in enumerate(_holding(access, module, source["id"]))
        if at < LOOKED_AT
    )
    return proposed(texts, type_)


def left_by(access: Access, module: str, source: FieldEntry, wanted: Wanted) -> Iterator[Left]:
    """Yield every record in sight whose value would not convert; raises NotAccepted for what makes no sense."""
    target = as_made(access, new_field(access, source, wanted))
    return _left(access, module, source, target, get_language() or "")


def left_behind(access: Access, conversion: Conversion) -> Iterator[Left]:
    """Yield every record in sight whose value was not converted and that nobody has filled in since."""
    source, target = fields_of_conversion(conversion)
    module = conversion.version.layout.module
    return (
        one
        for one in _left(access, module, source, target, conversion.language)
        if key_of(target) not in one.record.custom
    )


def _left(access: Access, module: str, source: FieldEntry, target: FieldEntry, language: str) -> Iterator[Left]:
    setting = Setting(access.organisation.zone)
    for record in _holding(access, module, source["id"]):
        kept = record.custom[key_of(source)]
        try:
            converted(source, target, kept, setting, language)
        except NotAccepted as refused:
            yield Left(record, words_of(source, kept, setting, language), str(refused))


def _holding(access: Access, module: str, field_id: int) -> Iterator[Any]:
    """Yield the records in sight that hold something in a field, in order, a few at a time."""
    kept = kept_of(module)
    after, key = 0, f"f{field_id}"
    while kept is not None:
        pks = list(holders(field_id, after)[:_BATCH])
        seen: Iterable[Any] = access.visible(kept.model._default_manager.filter(pk__in=pks)).order_by("pk")
        yield from (record for record in seen if key in record.custom)
        if len(pks) < _BATCH:
            return
        after = pks[-1]
