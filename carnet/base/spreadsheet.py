"""What a spreadsheet is given to open: rows of text in which nothing is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO

#: What a spreadsheet takes for the beginning of a formula, or cuts off before it.
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
#: Tells a spreadsheet that what follows is UTF-8.
BYTE_ORDER_MARK = "\ufeff"


def as_text(cell: str) -> str:
    """Return a cell that is shown as it was typed and never run: an apostrophe is put before what begins a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) or cell.lstrip().startswith(_BEGINS_A_FORMULA[:4]) else cell


def written(rows: Iterable[Iterable[str]]) -> str:
    """Return the rows as lines of comma-separated values."""
    buffer = StringIO()
    csv.writer(buffer).writerows([as_text(cell) for cell in row] for row in rows)
    return buffer.getvalue()
