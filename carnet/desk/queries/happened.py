"""One line of a record's history, and from where a change came, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from carnet.organisations.access import Access
from carnet.organisations.doors import API, COMMAND, PAGE, PUBLIC, WORKER
from carnet.organisations.models import Activity

#: Door -> what it is called; that of a token also says which one.
DOORS: Final[dict[str, str | Promise]] = {
    PAGE: pgettext_lazy("from where", "Page"),
    API: pgettext_lazy("from where", "API"),
    PUBLIC: pgettext_lazy("from where", "Public page"),
    COMMAND: pgettext_lazy("from where", "Command"),
    WORKER: pgettext_lazy("from where", "In the background"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """A changed field, with what it was and became."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a record."""

    at: datetime
    sentence: str
    who: str
    note: str = ""
    #: Where more is told of it, "" if nowhere.
    address: str = ""
    #: By which door it came, and from which network address.
    whence: str = ""
    changes: Sequence[Change] = ()


def who_text(row: Activity) -> str:
    # What Carnet does by itself is noted with its reason, in no language of the reader's.
    return "Carnet" if row.actor_kind == "system" else row.actor


def door_text(row: Activity) -> str:
    """Return by which door a change came, a token with its name; "" where nobody wrote it down."""
    if not row.door.startswith(API):
        return str(DOORS.get(row.door, ""))
    name = row.door.removeprefix(API)
    return _("API, token %(name)s") % {"name": name} if name else str(DOORS[API])


def whence_text(access: Access, row: Activity) -> str:
    """Return from where a change came; the network address is for who may look into everybody's activity."""
    address = row.address if access.may("activity.see") else ""
    return ", ".join(filter(None, (door_text(row), address)))
