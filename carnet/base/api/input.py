"""What comes in: typed strictly, bounded, with no unknown fields; nothing is guessed or silently dropped."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated, Any
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(?::00(?:\.0{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
#: Far enough from both ends of the calendar that adding days or zones never leaves it.
_YEARS = range(1970, 2200)


class Input(BaseModel):
    """A body: unknown fields are refused, and a number is no text nor a text a number."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Nothing(Input):
    """The body of a verb that needs to be told nothing."""


def refuse(sentence: str) -> PydanticCustomError:
    """Return the error that tells `sentence` beside the field."""
    # The text is a template to pydantic: braces in it would be filled in.
    return PydanticCustomError("carnet", "{sentence}", {"sentence": sentence})


def _id(value: Any) -> UUID:
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise refuse(_("This is not an id."))
    return UUID(value)


def _day(value: Any) -> date:
    if isinstance(value, str) and _DAY.fullmatch(value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            if day.year in _YEARS:
                return day
    raise refuse(_("Write the day as 2026-12-31."))


def _moment(value: Any) -> datetime:
    # A plus sign in an address that was not encoded arrives as a space.
    found = _MOMENT.fullmatch(value.replace(" ", "+")) if isinstance(value, str) else None
    if found:
        offset = found[2]
        try:
            at = datetime.fromisoformat(found[1] + ("+00:00" if offset == "Z" else offset))
        except ValueError:
            pass
        else:
            if at.year in _YEARS:
                # "Z" names an instant; "+00:00" may be somebody's wall clock (London), so the two stay apart.
                return at if offset == "Z" or at.utcoffset() else at.replace(tzinfo=_WALL_CLOCK)
    raise refuse(_("Write the moment to the minute and with its offset, as 2026-12-31T09:00+01:00."))


_WALL_CLOCK = timezone(timedelta(0), "+00:00")


def is_wall_clock(at: datetime) -> bool:
    """Return whether the sender wrote a wall clock's offset, not "Z"."""
    return at.tzinfo is not UTC


def no_nul(value: str) -> str:
    if "\x00" in value:
        raise refuse(_("A text cannot hold the character NUL."))
    return value


Id = Annotated[UUID, BeforeValidator(_id)]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
#: A text of at most 2,000 characters; the actions know the shorter limits and say them in the reader's language.
Text = Annotated[str, Field(max_length=2000), AfterValidator(no_nul)]
Minutes = Annotated[int, Field(ge=5, le=1440)]
#: An Idempotency-Key: sent again with the same body, the request has one effect.
Key = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,200}$")]


def _custom(values: dict[str, Any]) -> dict[str, Any]:
    for key, value in values.items():
        _plain(key)
        _plain(value)
    return values


def _plain(value: Any, depth: int = 0) -> None:
    if depth > 3:
        raise refuse(_("This is nested too deeply."))
    if isinstance(value, str):
        no_nul(value)
    parts = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []
    for part in parts:
        _plain(part, depth + 1)


#: Values of an organisation's own fields by key ("f12"), as its layout describes them.
Custom = Annotated[
    dict[str, Any],
    Field(max_length=500, description="Values of the organisation’s own fields, as …/layouts/{module} describes them."),
    AfterValidator(_custom),
]
