"""The day as plain values: what lies in whose column, from which row of five minutes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID

from carnet.scheduling.spans import Span

ROW = timedelta(minutes=5)


def row_of(at: datetime, span: Span) -> int:
    return (at - span.start) // ROW


class Placed:
    """Something that lies in a column; `classes` are those that place it on the grid."""

    __slots__ = ()
    row: int
    rows: int

    @property
    def classes(self) -> str:
        return f"row-{self.row} rows-{self.rows}"


@dataclass(frozen=True, slots=True)
class Visit(Placed):
    """A visit in one member's column, with its wall times; one the reader may not see is `busy` and nothing else."""

    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    state: str
    id: UUID | None = None
    customer: str = ""
    services: tuple[str, ...] = ()
    hue: int = 1
    at_customer: bool = False
    address: str = ""
    #: What fields of the organisation's own say that show on the card.
    own: tuple[str, ...] = ()
    begins: str = ""
    finishes: str = ""
    kind: ClassVar = "visit"


@dataclass(frozen=True, slots=True)
class Free(Placed):
    """A stretch in which a member can be booked, from its first start on the grid."""

    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    #: Wall times, "09:30", and the first start as an address carries it.
    begins: str = ""
    finishes: str = ""
    start: str = ""
    kind: ClassVar = "free"

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Closed(Placed):
    """A stretch in which a member is not at work; `away` within the hours, `reason` for those who may know it."""

    row: int
    rows: int
    starts_at: datetime
    ends_at: datetime
    away: bool = False
    reason: str = ""
    kind: ClassVar = "closed"


@dataclass(frozen=True, slots=True)
class Column:
    """One member's day."""

    member: UUID
    name: str
    visits: tuple[Visit, ...] = ()
    free: tuple[Free, ...] = ()
    closed: tuple[Closed, ...] = ()
    is_own: bool = False
    #: Whether the reader may set when this member is there.
    may_set_times: bool = False

    @property
    def blocks(self) -> list[Visit | Free | Closed]:
        """Everything in the column in order of time: the order in which the keyboard walks through it."""
        return sorted([*self.closed, *self.free, *self.visits], key=lambda block: block.row)


@dataclass(frozen=True, slots=True)
class Hour:
    """A full hour on the edge, as the clock shows it; with its `offset` where it shows it twice that day."""

    row: int
    at: datetime
    clock: str
    offset: str


@dataclass(frozen=True, slots=True)
class Day:
    """A local day as the calendar draws it: rows of five minutes from `span.start` on."""

    on: date
    today: date
    zone: str
    span: Span | None
    hours: tuple[Hour, ...] = ()
    columns: tuple[Column, ...] = ()
    now_row: int | None = None
    now: str = ""
    #: Why the business is closed: the holiday's name, "" on a weekday without hours, None when it is open.
    closure: str | None = None
    #: The business's hours in wall times.
    opens: tuple[tuple[str, str], ...] = ()
    next_open: date | None = None
    may_book: bool = False
    module_on: bool = True
    #: Whether anybody shown here can be booked for anything.
    has_services: bool = True
    #: Whether the reader may add to the services, and so see that there are none yet.
    may_add_services: bool = False

    @property
    def rows(self) -> int:
        return row_of(self.span.end, self.span) if self.span else 0

    @property
    def is_today(self) -> bool:
        return self.on == self.today

    @property
    def is_past(self) -> bool:
        return self.on < self.today

    @property
    def previous(self) -> date:
        return self.on - timedelta(days=1)

    @property
    def next(self) -> date:
        return self.on + timedelta(days=1)

    @property
    def count(self) -> int:
        """How many visits the reader may see; one of several members counts once."""
        return len({visit.id for column in self.columns for visit in column.visits if visit.id})

    @property
    def is_empty(self) -> bool:
        return not any(column.visits for column in self.columns)

    @property
    def lines(self) -> list[tuple[Visit | Free, tuple[Column, ...]]]:
        """The day as a list: visits and free stretches in order of time, each with the members whose time it is."""
        members: dict[object, tuple[Visit | Free, tuple[Column, ...]]] = {}
        for column in self.columns:
            blocks: list[Visit | Free] = [*column.visits, *column.free]
            for block in blocks:
                # A visit of several members is one line; time that is merely free or busy is each one's own.
                key: object = (column.member, block)
                if isinstance(block, Visit) and block.id is not None:
                    key = (block.id, block.starts_at)
                first, others = members.get(key, (block, ()))
                members[key] = (first, (*others, column))
        return sorted(members.values(), key=lambda line: (line[0].starts_at, line[0].kind))

    @property
    def may_set_times(self) -> bool:
        """Whether there is anybody here whose absences and hours the reader may set."""
        return any(column.may_set_times for column in self.columns)

    @property
    def has_free_time(self) -> bool:
        return any(column.free for column in self.columns)
