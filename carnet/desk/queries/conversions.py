"""The records that a conversion leaves as they are, as a page lists them and a table for a spreadsheet writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from carnet.base.templatetags.moments import local_datetime
from carnet.customisation.conversions import Left
from carnet.customisation.models import Conversion
from carnet.organisations.access import Access
from carnet.organisations.permissions import EDIT_LAYOUTS

#: Lines of a table that are written at once.
_CHUNK = 200
_PAGES = {"customers": "customer", "services": "service", "appointments": "appointment"}


@dataclass(frozen=True, slots=True)
class LeftLine:
    """A record with the address of its page, its value as it is, and why it does not convert."""

    name: str
    url: str
    text: str
    why: str


def lines_left(access: Access, module: str, left: Iterable[Left]) -> Iterator[LeftLine]:
    for one in left:
        yield LeftLine(
            _name(access, module, one.record), reverse(_PAGES[module], args=[one.record.public_id]), one.text, one.why
        )


def table_left(lines: Iterable[LeftLine], address: str) -> Iterator[list[list[str]]]:
    """Yield the rows of a table, some at a time; `address` is what stands before each page's own."""
    yield [[_("Record"), _("Value"), _("Why it does not convert"), _("Page")]]
    lines = iter(lines)
    while chunk := [[one.name, one.text, one.why, f"{address}{one.url}"] for one in islice(lines, _CHUNK)]:
        yield chunk


def conversion_of(access: Access, module: str, name: str, field_id: int) -> Conversion | None:
    """Return the last conversion of a field of a layout that is in the tray now."""
    access.require(EDIT_LAYOUTS)
    found = Conversion.objects.filter(version__layout__module=module, version__layout__name=name, source=field_id)
    return found.select_related("version__layout").order_by("-pk").first()


def _name(access: Access, module: str, record: Any) -> str:
    if module == "appointments":
        return local_datetime(record.starts_at, record.zone)
    return str(record.name) or _("No name")
