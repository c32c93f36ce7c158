"""The measures: each asks the product and, in turns, what it is compared with, and returns its figures.

The machine is never as quiet twice. So a figure is judged by what was measured beside it in the same run: blocks of
both alternate, and the ratio that counts is the median of the ratios of neighbouring blocks.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.figures import Figure
from benchmarks.measures.booking import booking, race
from benchmarks.measures.pages import catalogue, day_page, layouts, lookups, visibility
from benchmarks.measures.searching import day_search, history, month_search
from benchmarks.serving import Stage

Measure = Callable[[Stage], list[Figure]]
MEASURES: dict[str, Measure] = {
    "day": day_search,
    "month": month_search,
    "booking": booking,
    "history": history,
    "race": race,
    "page": day_page,
    "lookup": lookups,
    # Last, because the others are about a business of ten services.
    "catalogue": catalogue,
    # After the others, because customers and cancellations are filled in otherwise.
    "layouts": layouts,
    # After the others: it fills in a long past.
    "visibility": visibility,
}
